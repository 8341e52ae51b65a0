package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.report.RunPage;
import org.einscale.experiments.report.RunSnapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale report}: a run as one page to keep and to send. */
@Command(name = "report", description = {
    "Write report.html into a run's folder: one page that needs nothing beside it.", "",
    "It has the trials, their curves, the law with its intervals and what is weak in it, the settings, and where the run comes"
            + " from. `einscale sweep` and `einscale fit` write it by themselves. The run may still go on: then it is of what"
            + " has been measured so far."}, footer = {"  einscale report runs/quickstart"})
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The folder of a run of `einscale sweep` or `einscale train`.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        RecordedRun run = new RecordedRun(folder);
        RunPage.of(RunSnapshot.of(run, Instant.now())).write();
        PrintWriter out = spec.commandLine().getOut();
        out.println("report: " + run.report());
        out.flush();
        return 0;
    }
}
