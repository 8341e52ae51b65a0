package org.einscale.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.einscale.scaling.Point;
import org.einscale.scaling.PowerLaw;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.fit.Form;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.table.CsvPoints;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that fit a table have in common: the table, its columns, and the bootstrap. */
final class TableOptions {
    @Parameters(paramLabel = "FILE.csv", description = "A table with a header, such as a run's runs.csv.")
    private Path file = Path.of("");

    @Option(names = "--n", paramLabel = "COLUMN", defaultValue = "n", description = "Column of the sizes N: parameters without embeddings. Default: ${DEFAULT-VALUE}.")
    private String sizeColumn = "";

    @Option(names = "--loss", paramLabel = "COLUMN", defaultValue = "val_loss", description = "Column of the losses, in nats per token. Default: ${DEFAULT-VALUE}.")
    private String lossColumn = "";

    @Option(names = "--bootstrap", paramLabel = "SAMPLES", defaultValue = ""
            + Bootstrap.REPLICATES, description = "Bootstrap samples for the intervals. Default: ${DEFAULT-VALUE}.")
    private int replicates;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1", description = "Seed of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    List<Point> points() {
        return CsvPoints.read(file, sizeColumn, lossColumn);
    }

    HeldOut<PowerLaw> fit() {
        return HeldOut.of(Form.POWER, points(), replicates, seed);
    }
}
