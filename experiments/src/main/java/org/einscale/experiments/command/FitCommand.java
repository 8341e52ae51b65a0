package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.einscale.experiments.RunFailed;
import org.einscale.scaling.fit.FitReport;
import org.einscale.scaling.fit.HeldOut;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale fit}: fits the law to the points of a table and reports it. */
@Command(name = "fit", description = {"Fit the law L(N) = E + A N^-alpha to a table of sizes and losses.", "",
    "The largest size is held out: the law is fitted to the others, and what it predicts for the largest is printed"
            + " beside what was measured."}, footer = {"  einscale fit runs/quickstart",
                "  einscale fit mine.csv --n parameters --loss test_loss --json > fit.json"})
public final class FitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--json", description = "Print JSON in place of a table.")
    private boolean json;

    @Override
    public Integer call() {
        HeldOut result = table.fit(table.points());
        FitReport report = new FitReport(result);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? report.json() : report.table());
        out.flush();
        if (!result.fit().converged()) {
            throw new RunFailed("the fit has not converged: " + result.fit().determination().problem());
        }
        return 0;
    }
}
