package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.einscale.experiments.Main;

/** Trainings as processes that can be killed, in a folder. */
record Processes(Path folder) {
    private static final String EXPERIMENT = """
            data { source = "%s", validation-fraction = 0.2 }
            model { axes { d = 16, h = 2 }, layers = 1 }
            training { steps = 1500, batch = 4, length = 8, evaluate-every = 500, evaluation-tokens = 64,
              checkpoint-every = 100 }
            mesh { data = 2, model = 2 }
            preset = [data, megatron]
            """;
    private static final Duration LIMIT = Duration.ofSeconds(240);

    /** Starts {@code einscale train}, whose results go to a folder of that name. */
    Process train(String name, List<String> options) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "the cat sat on the mat\n".repeat(3)
                + "a dog ran after the cat\nit was late\nnobody saw the dog\n");
        Path config = Files.writeString(folder.resolve("a.conf"), EXPERIMENT.formatted(text));
        return start("train", config, name, options);
    }

    /** Starts a command on an experiment, whose results go to a folder of that name. */
    Process start(String what, Path config, String name, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), what,
                config.toString(), "--machine", "typical", "-o", folder.resolve(name).toString()));
        command.addAll(options);
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".out").toFile())).start();
    }

    /** Waits until a training has kept a checkpoint. */
    void awaitCheckpoint(String name, Process process) {
        await().atMost(LIMIT).failFast(() -> assertThat(process.isAlive()).as(output(name)).isTrue())
                .until(() -> Files.exists(folder.resolve(name + "/trials/model/checkpoint.safetensors")));
    }

    /** Waits until a training has ended well. */
    void awaitEnd(String name, Process process) throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(output(name)).isTrue();
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

    /** All that a training comes to: its model, and its losses on the way. */
    List<String> result(String name) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(name + "/history.csv"))) {
            return Stream.concat(lines,
                    Stream.of(java.util.Arrays
                            .toString(Files.readAllBytes(folder.resolve(name + "/trials/model/model.safetensors")))))
                    .toList();
        }
    }

    static void signal(String signal, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
}
