package org.einscale.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.einscale.tensor.file.Replacement;
import org.einscale.tensor.machine.Machine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How many times faster than its peers is a training step here? Implementations take turns within the same process and
 * seconds; figures are medians over rounds.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the options.
@Command(name = "StepComparison", mixinStandardHelpOptions = true, sortOptions = false, description = "Compares the time of a training step between implementations, one thread each.")
public final class StepComparison implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--sizes", split = ";", paramLabel = "L,d,h,T,B", description = "Sizes to measure, separated by semicolons. Default: the four standard ones.")
    private @Nullable List<String> sizes;

    @Option(names = "--implementations", split = ",", description = "Who takes part: ${COMPLETION-CANDIDATES}. Default: all.")
    private @Nullable List<Implementation> implementations;

    @Option(names = "--rounds", defaultValue = "7", description = "Turns of everyone. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "1", description = "Length of a turn; at least a step. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "4", description = "Seconds of training before the first round. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--csv", description = "File to write the results to as well.")
    private @Nullable Path csv;

    @Option(names = "--markdown", description = "File to write the table to as well.")
    private @Nullable Path markdown;

    /** Compares, as the arguments say. */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new StepComparison());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println(e.getMessage());
            return 1;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds: expected at least 1, found " + rounds);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s; %s%n", OneCore.pin(), Machine.measured());
        List<Result> results = new ArrayList<>();
        for (ModelSize size : chosenSizes()) {
            results.addAll(measure(size, out));
        }
        String table = ResultTable.markdown(results);
        out.printf("%n%s", table);
        out.flush();
        write(csv, ResultTable.csv(results));
        write(markdown, table);
        return 0;
    }

    private List<ModelSize> chosenSizes() {
        return sizes == null ? ModelSize.STANDARD : sizes.stream().map(ModelSize::parse).toList();
    }

    private List<Result> measure(ModelSize size, PrintWriter out) {
        List<Implementation> everyone = implementations == null
                ? List.of(Implementation.values())
                : implementations;
        try (Contest contest = new Contest(size, everyone)) {
            contest.round(warmUp);
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Round round = contest.round(seconds);
                out.printf(Locale.ROOT, "%s round %d: %s sgemm %.1f GFLOP/s%n", size, i + 1, round.millis(),
                        round.sgemm());
                out.flush();
                measured.add(round);
            }
            return Result.of(size, measured);
        }
    }

    private static void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Replacement.write(file, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
