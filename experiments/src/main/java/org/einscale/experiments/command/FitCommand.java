package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.UserError;
import org.einscale.experiments.report.RunPage;
import org.einscale.experiments.report.RunSnapshot;
import org.einscale.experiments.report.SweepFit;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.FitReport;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.table.CsvPoints;
import org.einscale.trainer.config.SettingError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale fit}: fits a law to the points of a table and reports it. */
@Command(name = "fit", description = {"Fit a scaling law to a table of sizes, tokens or FLOPs, and losses.", "",
    "The law is fitted to all rows. To see what it is worth, it is also fitted without the largest runs, and what it"
            + " then predicts for them is printed beside what was measured. Of a run's folder, its report.html is written anew with"
            + " this law."}, footer = {
                "  einscale fit runs/quickstart",
                "  einscale fit mine.csv --law chinchilla --n size --c flops --loss test_loss --out fit.json",
                "  einscale fit mine.csv --law power --compare broken --compare \"A * n^-alpha\"",
                "  einscale fit mine.csv --law \"E + A * n^-alpha\" --set E=0 --where \"loss < 4\""})
public final class FitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--json", description = "Print JSON in place of a table.")
    private boolean json;

    @Option(names = {"-o", "--out"}, paramLabel = "FILE.json", description = "Write the JSON to a file too.")
    private @Nullable Path file;

    @Option(names = "--compare", paramLabel = "LAW", description = "Fit another law too, and compare what they predict for the largest runs and their criterion of Akaike. May be repeated.")
    private List<String> others = new ArrayList<>();

    @Override
    public Integer call() {
        CsvPoints points = table.points();
        Study study = table.study(points);
        FitReport report = new FitReport(study, others.isEmpty() ? List.of() : table.compare(points, others));
        Optional.ofNullable(file).ifPresent(report::write);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? report.json() : report.table());
        out.flush();
        table.run().ifPresent(run -> report(run, study));
        if (!study.fit().converged()) {
            throw new RunFailed("the fit has not converged: " + study.fit().determination().problem());
        }
        return 0;
    }

    /** The page of a run with this law, if its folder can be read as a whole and written to; the fit stands without. */
    private void report(RecordedRun run, Study study) {
        try {
            new RunPage(RunSnapshot.of(run, Instant.now()), SweepFit.of(study)).write();
            table.tell("report with this law: " + run.report());
        } catch (RunFailed | UserError | SettingError | ScalingException impossible) {
            table.tell("no report: " + impossible.getMessage());
        }
    }
}
