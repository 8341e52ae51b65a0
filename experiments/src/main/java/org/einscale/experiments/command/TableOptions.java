package org.einscale.experiments.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.UserError;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.fit.Comparison;
import org.einscale.scaling.fit.Draws;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.frontier.Envelope;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Forms;
import org.einscale.scaling.table.Columns;
import org.einscale.scaling.table.CsvPoints;
import org.einscale.scaling.table.Where;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands that fit a table have in common: the table, its columns, the law, and the bootstrap. */
final class TableOptions {
    @Parameters(paramLabel = "FILE.csv", description = "A table with a header, or the folder of a run, which has one.")
    private Path file = Path.of("");

    @Option(names = "--law", paramLabel = "LAW", defaultValue = "power", description = "The law: power, power-d, power-c, chinchilla, kaplan, data-constrained, sparsity, precision, broken, broken-d, broken-c, or a formula such as \"E + A * n^-alpha\", in which all names but those of inputs are fitted. Default: ${DEFAULT-VALUE}.")
    private String law = "";

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Set a parameter of the law to a number or to another parameter, such as beta=alpha. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--n", paramLabel = "COLUMN", description = "Column of the sizes N, in parameters. Default: n, unless D and C are given, of which it follows.")
    private @Nullable String n;

    @Option(names = "--d", paramLabel = "COLUMN", description = "Column of the training tokens D. Default: tokens, if there is one, or C / (6 N).")
    private @Nullable String d;

    @Option(names = "--c", paramLabel = "COLUMN", description = "Column of the training FLOPs C. Default: 6 N D.")
    private @Nullable String c;

    @Option(names = "--input", paramLabel = "NAME=COLUMN", description = "Column of another input of the law: u (unique tokens), s (sparsity), p (bits), or one that only your formula names. May be repeated.")
    private Map<String, String> inputs = new LinkedHashMap<>();

    @Option(names = "--loss", paramLabel = "COLUMN", defaultValue = "val_loss", description = "Column of the losses, in nats per token. Default: ${DEFAULT-VALUE}.")
    private String lossColumn = "";

    @Option(names = "--where", paramLabel = "CONDITION", description = "Read only the rows that meet a condition, such as \"loss < 4 and `Model Size` >= 1e8\".")
    private @Nullable String where;

    @Option(names = "--hold-out", paramLabel = "CONDITION", description = "Which rows to predict from the others, such as \"c >= 1e21\". Default: the largest size, or the tenth of the rows with most compute.")
    private @Nullable String holdOut;

    @Option(names = "--group", paramLabel = "COLUMN", description = "Column that names the run of a row: rows of one run are not independent, and the bootstrap draws whole runs.")
    private @Nullable String group;

    @Option(names = "--seeds", paramLabel = "COLUMN", description = "Column of seeds: the bootstrap draws among the seeds of each scale.")
    private @Nullable String seeds;

    @Option(names = "--bootstrap", paramLabel = "SAMPLES", defaultValue = ""
            + Bootstrap.REPLICATES, description = "Bootstrap samples. Default: ${DEFAULT-VALUE}.")
    private int replicates;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1", description = "Seed of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--skip-invalid", description = "Leave out rows whose input or loss is no positive number, and say how many. Rows whose loss is NaN, as of runs that diverged, are left out in any case.")
    private boolean skipInvalid;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** The law asked for. */
    Form form() {
        return Forms.of(law, inputs.keySet()).with(settings);
    }

    private Columns columns() {
        var named = new LinkedHashMap<>(inputs);
        Set<String> needed = new HashSet<>(form().formula().inputs());
        Optional.ofNullable(d).ifPresent(column -> named.put("d", column));
        Optional.ofNullable(c).ifPresent(column -> named.put("c", column));
        boolean follows = named.containsKey("d") && named.containsKey("c");
        boolean asked = needed.contains("n") || needed.contains("c") && !named.containsKey("c")
                || needed.contains("d") && !named.containsKey("d") && named.containsKey("c");
        Optional.ofNullable(n).or(() -> follows || !asked ? Optional.empty() : Optional.of("n"))
                .ifPresent(column -> named.put("n", column));
        Optional.ofNullable(seeds).filter(column -> !named.containsValue(column))
                .ifPresent(column -> named.putIfAbsent("seed", column));
        return new Columns(named, needed, lossColumn, Optional.ofNullable(where).map(Where::of),
                Optional.ofNullable(holdOut).map(Where::of), Optional.ofNullable(group));
    }

    /** The table; what is left out of it is said on standard error. */
    CsvPoints points() {
        CsvPoints table = CsvPoints.readValid(table(), columns());
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
        if (table.diverged() > 0) {
            tell(table.diverged() + " of " + table.rows() + " rows left out, as their loss is NaN: runs that diverged");
        }
        return table;
    }

    /** Training curves by a table of losses in the course of training, which a run's folder has; none where there is no such table. */
    Envelope envelope(Optional<Path> curves) {
        if (curves.isPresent() && group == null) {
            throw new UserError(
                    "--curves: expected --group too, the column that names the run of a row in both tables");
        }
        Path evaluations = curves.orElseGet(() -> file.resolve("history.csv"));
        if (curves.isEmpty() && !Files.exists(evaluations)) {
            return Envelope.NONE;
        }
        Columns ofRuns = columns().ofRuns(Optional.ofNullable(group).orElse("trial"));
        String tokens = Optional.ofNullable(d).orElse("tokens");
        Columns ofCurves = new Columns(Map.of("d", tokens), Set.of("d"), lossColumn,
                Optional.of(Where.of("`" + tokens + "` > 0")), Optional.empty(), ofRuns.run());
        return Envelope.of(CsvPoints.readValid(evaluations, ofCurves).points(),
                CsvPoints.readValid(table(), ofRuns).points());
    }

    /** The run whose folder the table is read from, if it is that of a run. */
    Optional<RecordedRun> run() {
        return RecordedRun.isRun(file) ? Optional.of(new RecordedRun(file)) : Optional.empty();
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

    private Draws draws() {
        return new Draws(replicates, seed, Optional.ofNullable(seeds).isPresent());
    }

    Study study(CsvPoints table) {
        return Study.of(form(), table.points(), table.heldOut(), draws()).with(table.conventions());
    }

    /** The law asked for beside others; all predict the runs that the first holds out. */
    List<Comparison> compare(CsvPoints table, List<String> others) {
        List<Form> forms = Stream
                .concat(Stream.of(form()), others.stream().map(name -> Forms.of(name, inputs.keySet())))
                .toList();
        List<Point> held = table.heldOut().isEmpty() ? HeldOut.largest(form(), table.points()) : table.heldOut();
        return Comparison.of(forms, table.points(), held);
    }

    HeldOut heldOut(CsvPoints table) {
        return table.heldOut().isEmpty()
                ? HeldOut.of(form(), table.points(), draws())
                : HeldOut.of(form(), table.points(), table.heldOut(), draws());
    }

    /** Says something about the work that is no part of its result. */
    void tell(String message) {
        command.commandLine().getErr().println("einscale: " + message);
    }
}
