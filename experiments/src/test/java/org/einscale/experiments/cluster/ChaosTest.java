package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever dies or freezes at whatever moment: a training ends with the bits of one that nothing happened to. */
@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
class ChaosTest {
    private static final List<String> LONGER = List.of("-S", "training.steps=60000", "-S",
            "training.evaluate-every=20000");

    @TempDir
    private static Path runs = Path.of("");
    private static Processes processes = new Processes(runs);
    private static List<String> undisturbed = List.of();

    @TempDir
    private Path logs = Path.of("");

    @BeforeAll
    static void trainUndisturbed() throws Exception {
        processes = new Processes(runs);
        processes.awaitEnd("alone", processes.train("alone", List.of()));
        undisturbed = processes.result("alone");
    }

    /** After a pause that ends anywhere between the first steps and the last, checkpoints included. */
    private static void pause(Process training, Random random) throws InterruptedException {
        boolean ended = training.waitFor(500 + random.nextInt(6000), TimeUnit.MILLISECONDS);
        assertThat(ended && training.exitValue() != 0).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"KILL,1", "KILL,2", "KILL,3", "KILL,4", "KILL,5", "STOP,6", "STOP,7", "STOP,8", "STOP,9", "STOP,10"})
    void aNode(String signal, long seed) throws Exception {
        Random random = new Random(seed);
        String name = "node-" + seed;
        try (LocalNodes nodes = new LocalNodes(3, logs)) {
            Process training = processes.train(name, List.of("--nodes", String.join(",", nodes.names())));
            processes.awaitCheckpoint(name, training);
            pause(training, random);
            ProcessHandle node = nodes.processes().get(random.nextInt(3)).toHandle();
            Processes.signal(signal, node);
            processes.awaitEnd(name, training);
            Processes.signal("KILL", node);
            assertThat(processes.result(name)).isEqualTo(undisturbed);
        }
    }

    @ParameterizedTest
    @CsvSource({"KILL,1", "KILL,2", "KILL,3", "KILL,4", "KILL,5", "STOP,6", "STOP,7", "STOP,8", "STOP,9", "STOP,10"})
    void whoLeads(String signal, long seed) throws Exception {
        Random random = new Random(seed);
        String name = "leader-" + seed;
        try (LocalNodes nodes = new LocalNodes(2, logs)) {
            List<String> options = List.of("--nodes", String.join(",", nodes.names()));
            Process training = processes.train(name, options);
            processes.awaitCheckpoint(name, training);
            pause(training, random);
            Processes.signal(signal, training.toHandle());
            if (signal.equals("KILL")) {
                training.waitFor();
                training = processes.train(name, options);
            } else {
                // Longer than others wait for it, or shorter.
                boolean ended = training.waitFor(random.nextInt(25), TimeUnit.SECONDS);
                assertThat(ended).isFalse();
                Processes.signal("CONT", training.toHandle());
            }
            processes.awaitEnd(name, training);
            assertThat(processes.result(name)).isEqualTo(undisturbed);
        }
    }

    /** One that was frozen until it was given up joins again by itself, and gets its share at the next checkpoint. */
    @Test
    void aNodeThatComesBack() throws Exception {
        processes.awaitEnd("longer", processes.train("longer", LONGER));
        try (LocalNodes nodes = new LocalNodes(2, logs)) {
            Process training = processes.train("back", Stream.concat(LONGER.stream(),
                    Stream.of("--nodes", String.join(",", nodes.names()))).toList());
            processes.awaitCheckpoint("back", training);
            ProcessHandle node = nodes.processes().getLast().toHandle();
            Processes.signal("STOP", node);
            await().atMost(Processes.LIMIT).failFast(() -> assertThat(training.isAlive()).isTrue())
                    .until(() -> Files.readString(logs.resolve("node-0.log")).contains("devices 0, 1, 2, 3"));
            Processes.signal("CONT", node);
            await().atMost(Processes.LIMIT)
                    .failFast(() -> assertThat(training.isAlive()).as(processes.output("back")).isTrue())
                    .until(() -> processes.output("back").contains("nodes have come or gone"));
            processes.awaitEnd("back", training);
            assertThat(processes.result("back")).isEqualTo(processes.result("longer"));
        }
    }
}
