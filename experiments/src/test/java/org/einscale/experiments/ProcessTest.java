package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Einscale as a process among others, started as the launcher starts it. */
@DisabledOnOs(OS.WINDOWS)
@Tag("once")
class ProcessTest {
    private static final String EXPERIMENT = """
            data { source = "%s", validation-fraction = 0.2 }
            model { axes { d = 8, h = 2 }, layers = 1 }
            training { steps = 1000000, batch = 2, length = 8, evaluate-every = 0, evaluation-tokens = 64 }
            """;

    @TempDir
    private Path folder = Path.of("");

    private record Result(int exitCode, String out, String err) {}

    /** Runs a line of shell in which einscale stands for the process. */
    private Result shell(Map<String, String> environment, String line) throws IOException, InterruptedException {
        Process process = start(environment, line);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return result(process);
    }

    private Result result(Process process) throws IOException {
        return new Result(process.exitValue(), Files.readString(folder.resolve("out")),
                Files.readString(folder.resolve("err")));
    }

    private Process start(Map<String, String> environment, String line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c",
                "set -o pipefail; " + line.replace("einscale", java()));
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().putAll(environment);
        return builder.redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile())
                .start();
    }

    /** Java as the tests run in it, but for what the launcher does without. */
    private static String java() {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("--add-modules"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "sweep --help",
        "einsum --explain ij,jk->ik --sizes i=2,j=3,k=4"})
    void nothingIsWrittenToStandardErrorAndAFullDiskIsTold(String arguments) throws Exception {
        String quoted = arguments.replace("ij,jk->ik", "'ij,jk->ik'");
        Result result = shell(Map.of(), "einscale " + quoted);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isNotEmpty();
        assertThat(result.err()).isEmpty();

        assumeThat(Path.of("/dev/full")).exists();
        Result full = shell(Map.of(), "einscale " + quoted + " >/dev/full");
        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.err()).isEqualTo("einscale: standard output cannot be written\n");
    }

    @Test
    void aReaderThatHasEnoughEndsItSilently() throws Exception {
        Result result = shell(Map.of(), "einscale --help | (exec <&-; sleep 3)");
        assertThat(result).isEqualTo(new Result(128 + 13, "", ""));
    }

    @Test
    void vectorsAreComputedWithThoughNoModuleIsNamedOnTheCommandLine() throws Exception {
        Path config = Files.writeString(folder.resolve("a.conf"), EXPERIMENT.formatted(text()));
        Result result = shell(Map.of(), "einscale train " + config + " -S training.steps=2 --machine typical -o "
                + folder.resolve("run"));
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("WARNING", "incubator");
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void aSignalLeavesACheckpointAndSaysHowToGoOn(String signal, int exitCode) throws Exception {
        assumeThat(signal.equals("INT") && isInterruptIgnored()).as("started where Ctrl-C is for others").isFalse();
        Path config = Files.writeString(folder.resolve("it's.conf"), EXPERIMENT.formatted(text()));
        Path run = folder.resolve("run");
        String command = "train \"" + config + "\" --fresh --machine typical -o " + run;
        Process process = start(Map.of(), "exec einscale " + command);
        try {
            await().atMost(Duration.ofSeconds(60)).failFast(() -> !process.isAlive())
                    .until(() -> Files.exists(run.resolve("einscale.log"))
                            && Files.readString(run.resolve("einscale.log")).contains("model: started"));
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        Result result = result(process);
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err().lines().toList().getLast()).isEqualTo(
                "einscale: interrupted; to go on: einscale train '" + config.toString().replace("'", "'\\''")
                        + "' --machine typical -o " + run);
        assertThat(run.resolve("trials/model/checkpoint.safetensors")).exists();
        assertThat(run.resolve("trials/model/result.json")).doesNotExist();
    }

    /** A shell without a terminal has what it starts in the background ignore SIGINT, and so does all that is started by that. */
    private static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(line.length() - 16), 16) & 1 << 2 - 1) != 0);
    }

    private Path text() throws IOException {
        return Files.writeString(folder.resolve("text.txt"), "the cat sat on the mat\n".repeat(3)
                + "a dog ran after the cat\nit was late\nnobody saw the dog\n");
    }
}
