package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.Main;
import org.einscale.tensor.file.Safetensors;
import org.einscale.trainer.Checkpoint;
import org.einscale.trainer.SavedModel;

/** Trainings as processes that can be killed, in a folder. */
record Processes(Path folder) {
    static final Duration LIMIT = Duration.ofSeconds(600);
    private static final String EXPERIMENT = """
            data { source = "%s", validation-fraction = 0.2 }
            model { axes { d = 16, h = 2 }, layers = 1 }
            training { steps = 1500, batch = 4, length = 8, evaluate-every = 500, evaluation-tokens = 64,
              checkpoint-every = 100 }
            mesh { data = 2, model = 2 }
            preset = [data, megatron]
            """;
    private static final long LOOKING_MILLIS = 20;

    /** What starts {@code einscale train}, whose results go to a folder of that name. */
    List<String> training(String name, List<String> options) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "the cat sat on the mat\n".repeat(3)
                + "a dog ran after the cat\nit was late\nnobody saw the dog\n");
        Path config = Files.writeString(folder.resolve("a.conf"), EXPERIMENT.formatted(text));
        return command("train", config, name, options);
    }

    /** What starts a command on an experiment, whose results go to a folder of that name. */
    List<String> command(String what, Path config, String name, List<String> options) {
        return Stream.concat(Stream.of(what, config.toString(), "--machine", "typical", "-o",
                folder.resolve(name).toString()), options.stream()).toList();
    }

    /** Starts a command on an experiment, whose results go to a folder of that name. */
    Process start(String what, Path config, String name, List<String> options) throws IOException {
        return start(name, command(what, config, name, options));
    }

    /** Starts {@code einscale train}. */
    Process train(String name, List<String> options) throws IOException {
        return start(name, training(name, options));
    }

    /**
     * Starts einscale. What it says is in {@link #output}.
     *
     * @param before
     *            words of the command line before it, which have it run elsewhere
     */
    Process start(String name, List<String> arguments, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".out").toFile())).start();
    }

    /** Waits until a training has kept a checkpoint. */
    void awaitCheckpoint(String name, Process process) {
        await().atMost(LIMIT).failFast(() -> assertThat(process.isAlive()).as(output(name)).isTrue())
                .until(() -> checkpoint(name) > 0);
    }

    /** Optimizer steps after which a training goes on if it stops now; 0 before the first checkpoint. */
    long checkpoint(String name) {
        return Checkpoint.read(folder.resolve(name + "/trials/model")).map(Checkpoint::step).orElse(0L);
    }

    /**
     * Waits until a command has ended well. Meanwhile what a training has come to is never lost: at every moment its checkpoint
     * is a whole one, and not older than at the moment before.
     */
    void awaitEnd(String name, Process process) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        long last = checkpoint(name);
        while (!process.waitFor(LOOKING_MILLIS, TimeUnit.MILLISECONDS)) {
            assertThat(System.nanoTime()).as(output(name)).isLessThan(end);
            long step = checkpoint(name);
            assertThat(step).as(output(name)).isGreaterThanOrEqualTo(last);
            last = step;
        }
        assertThat(process.exitValue()).as(output(name)).isZero();
    }

    /** What it has said. */
    String output(String name) {
        try {
            return Files.readString(folder.resolve(name + ".out"));
        } catch (IOException nothing) {
            return "";
        }
    }

    /** All that a training comes to: its parameters, and its losses on the way. */
    List<String> result(String name) throws IOException {
        return Stream.concat(Files.readAllLines(folder.resolve(name + "/history.csv")).stream(),
                Stream.of(parameters(folder.resolve(name + "/trials/model")))).toList();
    }

    /** To the last bit. What else a model says of itself may change meanwhile, as the sources do that it was trained by. */
    static String parameters(Path trial) {
        return Safetensors.read(trial.resolve(SavedModel.FILE)).arrays().entrySet().stream()
                .map(array -> array.getKey() + Arrays.toString(array.getValue().dup().data().asFloat()))
                .collect(Collectors.joining());
    }

    static void signal(String signal, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
}
