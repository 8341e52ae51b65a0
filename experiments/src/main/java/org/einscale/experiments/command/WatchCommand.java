package org.einscale.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.einscale.experiments.LoopbackServer;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.UserError;
import org.einscale.experiments.progress.RedrawnLines;
import org.einscale.experiments.progress.Terminal;
import org.einscale.experiments.report.RunPage;
import org.einscale.experiments.report.TerminalView;
import org.einscale.experiments.report.WatchedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale watch}: a run as it goes on, in a browser or on the terminal, from its files alone. */
@Command(name = "watch", description = {"Show a run as it goes on: trials, their curves, and the law as it firms up.",
    "",
    "A page for browsers of this machine, or with --terminal lines that are drawn again in their place, plain ones where there"
            + " is no terminal. All of it comes from the run's folder: whoever runs it, and whether it still does, makes no"
            + " difference."}, footer = {"  einscale watch runs/quickstart",
                "  einscale watch runs/quickstart --port 8080",
                "  einscale watch runs/quickstart --terminal"})
public final class WatchCommand implements Callable<Integer> {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The folder of a run of `einscale sweep` or `einscale train`.")
    private Path folder = Path.of("");

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "Port of the page, for this machine only; 0: any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--terminal", description = "Show the run here, until all trials have ended.")
    private boolean terminal;

    @Override
    public Integer call() throws InterruptedException {
        WatchedRun run = new WatchedRun(new RecordedRun(folder), Clock.systemUTC());
        if (!terminal) {
            serve(run);
        } else if (Terminal.isPlain(System.getenv()) || Terminal.columns() == 0) {
            print(run);
        } else {
            draw(run, Terminal.columns());
        }
        return 0;
    }

    private void serve(WatchedRun run) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (LoopbackServer server = new LoopbackServer(port, run.pages())) {
            out.println(
                    "watch " + folder + " at http://127.0.0.1:" + server.address().getPort() + "/ (Ctrl-C ends it)");
            out.flush();
            Thread.sleep(Long.MAX_VALUE);
        } catch (IOException | IllegalArgumentException unusable) {
            throw new UserError("--port " + port + " cannot be used: " + unusable.getMessage()
                    + "; 0 takes any free one", unusable);
        }
    }

    /** Lines that are drawn again in their place, the last of which stay. */
    private static void draw(WatchedRun run, int columns) throws InterruptedException {
        boolean blocks = System.err.charset().newEncoder().canEncode('█');
        RedrawnLines lines = new RedrawnLines(System.err);
        while (true) {
            RunPage page = run.now();
            lines.draw(new TerminalView(page, blocks).lines(columns));
            if (page.run().isOver()) {
                lines.draw(new TerminalView(run.settled(), blocks).lines(columns));
                return;
            }
            Thread.sleep(EVERY);
        }
    }

    /** What is new, a line each. */
    private void print(WatchedRun run) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Set<String> told = new HashSet<>();
        while (true) {
            RunPage page = run.settled();
            new TerminalView(page, false).plain().stream().filter(told::add).forEach(out::println);
            out.flush();
            if (page.run().isOver()) {
                return;
            }
            Thread.sleep(PLAIN_EVERY);
        }
    }
}
