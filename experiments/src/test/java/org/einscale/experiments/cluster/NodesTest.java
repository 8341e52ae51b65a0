package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Trainings on nodes of this machine that are killed come to the same bits as one in a single process. */
@Tag("once")
@DisabledOnOs(OS.WINDOWS)
class NodesTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void neitherANodeNorWhoLeadsItIsMissedWhenKilled() throws Exception {
        Processes processes = new Processes(folder);
        Process alone = processes.train("alone", List.of());
        processes.awaitEnd("alone", alone);
        List<String> undisturbed = processes.result("alone");

        try (LocalNodes nodes = new LocalNodes(2, folder)) {
            List<String> options = List.of("--nodes", String.join(",", nodes.names()));
            Process training = processes.train("killed", options);
            processes.awaitCheckpoint("killed", training);
            Processes.signal("KILL", nodes.processes().getFirst().toHandle());
            processes.awaitEnd("killed", training);
            assertThat(processes.output("killed")).contains(nodes.names().getFirst(), "going on from step");
            assertThat(processes.result("killed")).isEqualTo(undisturbed);

            Process leading = processes.train("led", options);
            processes.awaitCheckpoint("led", leading);
            Processes.signal("STOP", leading.toHandle());
            Process standing = processes.train("led", Stream.concat(options.stream(), Stream.of("--standby")).toList());
            await().atMost(LIMIT).until(() -> processes.output("led").contains("standing by"));
            Processes.signal("KILL", leading.toHandle());
            processes.awaitEnd("led", standing);
            assertThat(processes.result("led")).isEqualTo(undisturbed);
        }
    }
}
