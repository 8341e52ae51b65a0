package org.einscale.experiments.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.einscale.experiments.UserError;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.law.Power;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.table.CsvPoints;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

    @Option(names = "--skip-invalid", description = "Leave out rows whose size or loss is no positive number, and say how many.")
    private boolean skipInvalid;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** The table; what is left out of it is said on standard error. */
    CsvPoints points() {
        CsvPoints table = CsvPoints.readValid(table(), sizeColumn, lossColumn);
        int invalid = table.invalid().size();
        if (invalid > 0 && !skipInvalid) {
            throw new ScalingException(
                    table.invalid().getFirst() + "; --skip-invalid leaves out such rows, here " + invalid);
        }
        if (invalid > 0) {
            tell(invalid + " of " + table.rows() + " rows left out as invalid, the first: "
                    + table.invalid().getFirst());
        }
        if (table.failed() > 0) {
            tell(table.failed() + " of " + table.rows() + " rows left out, as their status is failed");
        }
        return table;
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

    HeldOut fit(CsvPoints table) {
        return HeldOut.of(Power.N, table.points(), replicates, seed);
    }

    /** Says something about the work that is no part of its result. */
    void tell(String message) {
        command.commandLine().getErr().println("einscale: " + message);
    }
}
