package org.einscale.experiments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.config.Experiment;

/**
 * Where a run's numbers came from: enough to run it again and to say what differs.
 *
 * @param command the subcommand, {@code train} or {@code sweep}
 * @param commandLine its arguments as given
 * @param overrides the settings that the command line set, each as {@code path=value}
 * @param seed the seed of every random number
 * @param dataChecksum SHA-256 of the text, in hexadecimal
 * @param started when, to the second
 * @param version einscale's
 * @param commit git's name of the checkout's commit, or "unknown" without git or outside of a checkout
 * @param diff how the checkout differed from that commit, as git tells it; empty where it did not
 * @param jdk vendor and version of the Java runtime
 * @param os name, version and architecture of the operating system
 * @param cpu the processor's model
 * @param cores logical processors that the run could use
 */
public record Provenance(String command, List<String> commandLine, List<String> overrides, long seed,
        String dataChecksum, Instant started, String version, String commit, String diff, String jdk, String os,
        String cpu, int cores) {
    private static final int LONGEST_DIFF = 200_000;

    /** Asks git, the Java runtime and the operating system. */
    public static Provenance now(String command, List<String> commandLine, Experiment experiment,
            String dataChecksum) {
        Optional<String> commit = git("rev-parse", "HEAD");
        return new Provenance(command, commandLine, experiment.overrides(), experiment.settings().seed(),
                dataChecksum, Instant.now().truncatedTo(ChronoUnit.SECONDS), Version.number(),
                commit.orElse("unknown"), changes(), runtime(), system(), cpuModel(),
                Runtime.getRuntime().availableProcessors());
    }

    /** Whether the checkout differed from the commit. */
    public boolean dirty() {
        return !diff.isEmpty();
    }

    /** What a model says of where it comes from: all that does not differ from start to start. */
    public Map<String, String> lasting() {
        return Map.of("dataChecksum", dataChecksum, "einscale", version, "commit", commit, "diff", diff, "jdk", jdk,
                "os",
                os, "cpu", cpu);
    }

    /** What of that is said of the process that trains. */
    public static Map<String, String> here() {
        return Map.of("jdk", runtime(), "os", system(), "cpu", cpuModel());
    }

    private static String runtime() {
        return property("java.vendor") + " " + Runtime.version();
    }

    private static String system() {
        return property("os.name") + " " + property("os.version") + " " + property("os.arch");
    }

    /** Files that git does not know, a line each, and the changes of those that it knows. */
    private static String changes() {
        String files = git("status", "--porcelain").orElse("");
        if (files.isEmpty()) {
            return "";
        }
        String unknown = files.lines().filter(line -> line.startsWith("??")).map(line -> line + "\n")
                .collect(Collectors.joining());
        String whole = unknown + git("diff", "HEAD").orElse("");
        return whole.length() <= LONGEST_DIFF
                ? whole
                : whole.substring(0, LONGEST_DIFF) + "\n(cut: " + whole.length() + " characters in all)\n";
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /** What git says of the checkout that this program was built in. */
    private static Optional<String> git(String... arguments) {
        return output(Stream.concat(Stream.of("git", "-C", System.getProperty("einscale.home", ".")),
                Stream.of(arguments)).toList());
    }

    private static String cpuModel() {
        Path linux = Path.of("/proc/cpuinfo");
        if (Files.isReadable(linux)) {
            try (var lines = Files.lines(linux, StandardCharsets.UTF_8)) {
                return lines.filter(line -> line.startsWith("model name")).findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(property("os.arch"));
            } catch (IOException unreadable) {
                return property("os.arch");
            }
        }
        if (property("os.name").toLowerCase(Locale.ROOT).contains("mac")) {
            return output(List.of("sysctl", "-n", "machdep.cpu.brand_string")).orElse(property("os.arch"));
        }
        return Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")).orElse(property("os.arch"));
    }

    private static Optional<String> output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = process.waitFor(5, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException noSuchProgram) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
