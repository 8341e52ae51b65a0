package org.einscale.bench.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.bench.Median;
import org.einscale.experiments.Main;
import org.einscale.tensor.machine.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How much faster workers side by side finish a sweep of many tiny trials than one alone. A time is that of the whole command, with its
 * tables, figures and report; both take turns in one process, and the ratio is the median over rounds.
 */
@Command(name = "SweepComparison", mixinStandardHelpOptions = true, version = "0.1", description = "Compares a sweep on workers side by side with the same on one.")
@SuppressWarnings("NullAway.Init") // picocli sets the options
public final class SweepComparison implements Callable<Integer> {
    private static final String EXPERIMENT = """
            data { source = "%s", validation-fraction = 0.2, tokenizer.kind = bytes }
            model { axes { d = 16, h = 2 }, layers = 2 }
            training { steps = %d, batch = 4, length = 32, evaluate-every = 0, evaluation-tokens = 1024 }
            """;

    @Spec
    private CommandSpec spec;

    @Option(names = "--trials", defaultValue = "200", description = "Trials of a sweep. Default: ${DEFAULT-VALUE}.")
    private int trials;

    @Option(names = "--steps", defaultValue = "200", description = "Steps of a trial. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--workers", defaultValue = "2", description = "Workers side by side. Default: ${DEFAULT-VALUE}.")
    private int workers;

    @Option(names = "--rounds", defaultValue = "3", description = "Turns of both, after one that does not count. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    /** Compares, as the arguments say. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SweepComparison()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.measured());
        Path folder = Files.createTempDirectory("einscale-sweeps");
        try {
            Path config = Files.writeString(folder.resolve("tiny.conf"),
                    String.format(Locale.ROOT, EXPERIMENT, text(folder), steps));
            double[] alone = new double[rounds + 1];
            double[] together = new double[rounds + 1];
            for (int i = 0; i <= rounds; i++) {
                alone[i] = seconds(config, 1);
                together[i] = seconds(config, workers);
            }
            out.printf(Locale.ROOT, "%d trials of %d steps: %.2f s on one worker, %.2f s on %d: %.2f times as fast%n",
                    trials, steps, median(alone), median(together), workers,
                    median(IntStream.rangeClosed(0, rounds).mapToDouble(i -> alone[i] / together[i]).toArray()));
            out.flush();
            return 0;
        } finally {
            delete(folder);
        }
    }

    private static Path text(Path folder) throws IOException {
        return Files.writeString(folder.resolve("text.txt"),
                IntStream.range(0, 400).mapToObj(i -> String.format(Locale.ROOT, "line %d is not line %d%n", i, i * i))
                        .collect(Collectors.joining()));
    }

    private double seconds(Path config, int side) {
        List<Integer> seeds = IntStream.rangeClosed(1, trials).boxed().toList();
        StringWriter said = new StringWriter();
        long start = System.nanoTime();
        int exit = Main.commandLine().setOut(new PrintWriter(said)).setErr(new PrintWriter(said)).execute("sweep",
                config.toString(), "--fresh", "-o", config.resolveSibling("run").toString(), "-S",
                "sweep.workers=" + side, "-S", "sweep.grid.seed=" + seeds, "-S", "sweep.limit=" + trials);
        if (exit != 0) {
            throw new IllegalStateException(said.toString());
        }
        return (System.nanoTime() - start) * 1e-9;
    }

    /** Of all but the first. */
    private static double median(double[] measured) {
        return Median.of(Arrays.copyOfRange(measured, 1, measured.length));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
