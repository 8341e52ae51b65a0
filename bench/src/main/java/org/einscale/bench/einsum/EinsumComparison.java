package org.einscale.bench.einsum;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.einscale.bench.OneCore;
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
 * How many times faster than its peers is an einsum here? Participants take turns within the same seconds, one thread each;
 * figures are medians over rounds. Results are compared before times are taken.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the options.
@Command(name = "EinsumComparison", mixinStandardHelpOptions = true, sortOptions = false, description = "Compares the time of einsums between libraries, one thread each.")
public final class EinsumComparison implements Callable<Integer> {
    /** Seconds below which a turn says little of a small contraction. */
    private static final double SHORTEST_TURN = 0.02;

    @Spec
    private CommandSpec spec;

    @Option(names = "--groups", split = ",", paramLabel = "GROUP", description = "Groups of cases: tccg, gpt, gpt-gradients, user, calls. Default: all.")
    private @Nullable List<Group> groups;

    @Option(names = "--cases", defaultValue = "", paramLabel = "TEXT", description = "Only cases whose group, name or equation contains this.")
    private String cases;

    @Option(names = "--participants", split = ",", description = "Who takes part: ${COMPLETION-CANDIDATES}. Default: all that are there.")
    private @Nullable List<Participant> participants;

    @Option(names = "--rounds", defaultValue = "5", description = "Turns of everyone. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "0.1", description = "Length of a turn: at least 0.02 and a run. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "1", description = "Seconds of running before the first round. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--mib", defaultValue = "16", description = "MiB of the largest tensor of a case of TCCG, whose own is 200. Default: ${DEFAULT-VALUE}.")
    private double mib;

    @Option(names = "--csv", description = "File to write the results to as well.")
    private @Nullable Path csv;

    @Option(names = "--markdown", description = "File to write the table to as well.")
    private @Nullable Path markdown;

    /** Compares, as the arguments say. */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new EinsumComparison());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Group.class, EinsumComparison::group);
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
        if (!(mib > 0)) {
            throw new ParameterException(spec.commandLine(), "--mib: expected a positive number, found " + mib);
        }
        List<String> failures = new ArrayList<>();
        String table = compare(chosen(), failures);
        PrintWriter out = spec.commandLine().getOut();
        out.print(table);
        out.flush();
        return failures.isEmpty() ? 0 : 1;
    }

    private String compare(List<EinsumCase> chosen, List<String> failures) throws IOException {
        ComparisonProgress progress = ComparisonProgress.of(chosen.size(), spec.commandLine().getErr());
        progress.notice(OneCore.pin() + "; " + Machine.measured());
        Map<Participant, EinsumEngine> engines = start(progress);
        try {
            Turns turns = new Turns(rounds, Math.max(seconds, SHORTEST_TURN), warmUp);
            List<Speed> speeds = new ArrayList<>();
            for (EinsumCase what : chosen) {
                progress.begin(what);
                speeds.add(turns.measure(what, engines, failure -> {
                    progress.notice(failure);
                    failures.add(failure);
                }));
            }
            progress.end();
            String table = SpeedTable.markdown(speeds);
            write(csv, SpeedTable.csv(speeds));
            write(markdown, table);
            return table;
        } finally {
            engines.values().forEach(EinsumEngine::close);
        }
    }

    private List<EinsumCase> chosen() {
        List<EinsumCase> chosen = new CaseFile().cases(new TccgSizes(mib)).stream()
                .filter(c -> groups == null || groups.contains(c.group())).filter(c -> c.toString().contains(cases))
                .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "--cases: no case of these groups contains \"%s\"".formatted(cases));
        }
        return chosen;
    }

    private Map<Participant, EinsumEngine> start(ComparisonProgress progress) {
        Map<Participant, EinsumEngine> engines = new EnumMap<>(Participant.class);
        for (Participant one : participants == null ? List.of(Participant.values()) : participants) {
            try {
                engines.put(one, one.start());
            } catch (IllegalStateException e) {
                progress.notice("%s does not take part: %s".formatted(one.title(), e.getMessage()));
            }
        }
        return engines;
    }

    private static Group group(String text) {
        for (Group group : Group.values()) {
            if (group.toString().equalsIgnoreCase(text)) {
                return group;
            }
        }
        throw new CommandLine.TypeConversionException(
                "expected one of %s, found '%s'".formatted(List.of(Group.values()), text));
    }

    private static void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Replacement.write(file, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
