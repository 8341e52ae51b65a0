package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.UserError;
import org.einscale.experiments.sweep.RunComparison;
import org.einscale.scaling.plot.ComparisonFigure;
import org.einscale.scaling.plot.Format;
import org.einscale.scaling.table.HistoryTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale compare}: what runs differ in, what they reached, and their curves in one figure. */
@Command(name = "compare", description = {
    "Show in what settings runs differ, what they reached, and draw their curves.",
    "",
    "Settings that are the same in all runs are not shown. The figure has the validation losses of every trial, a colour a"
            + " run."}, footer = {"  einscale compare runs/a runs/b",
                "  einscale compare runs/adamw runs/sgd -o optimizers.svg"})
public final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of runs, two or more.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.png", defaultValue = "comparison.png", description = "Where the figure goes; the name ends in .png, .svg or .jpg. Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("");

    @Override
    public Integer call() {
        Format.of(output);
        if (folders.size() < 2) {
            throw new UserError("expected two runs or more, found one: " + folders.getFirst());
        }
        List<RecordedRun> runs = folders.stream().map(RecordedRun::new).toList();
        Map<String, List<HistoryTable.Row>> curves = new LinkedHashMap<>();
        RunComparison comparison = RunComparison.of(runs);
        for (int i = 0; i < runs.size(); i++) {
            curves.put(comparison.names().get(i), runs.get(i).history());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(comparison.text());
        new ComparisonFigure(curves).write(output);
        out.println("\ncurves: " + output);
        out.flush();
        return 0;
    }
}
