package org.einscale.experiments.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.einscale.experiments.UserError;
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
    @Parameters(paramLabel = "FILE.csv", description = "A table with a header, or the folder of a run, which has one.")
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
        return CsvPoints.read(table(), sizeColumn, lossColumn);
    }

    /** The file itself, or the table of the run whose folder it is. */
    private Path table() {
        if (!Files.isDirectory(file)) {
            return file;
        }
        Path runs = file.resolve("runs.csv");
        if (!Files.exists(runs)) {
            throw new UserError(
                    file + ": a folder without runs.csv; expected a table, or a folder that `einscale sweep`"
                            + " wrote");
        }
        return runs;
    }

    HeldOut<PowerLaw> fit() {
        return HeldOut.of(Form.POWER, points(), replicates, seed);
    }
}
