package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.Membership;
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
    void aNodeThatIsKilledIsNotMissed() throws Exception {
        Processes processes = new Processes(folder);
        String killed;
        try (LocalNodes nodes = new LocalNodes(2, folder)) {
            killed = nodes.names().getFirst();
            Process training = processes.train("killed", to(nodes));
            Process alone = processes.train("alone", List.of());
            processes.awaitCheckpoint("killed", training);
            Processes.signal("KILL", nodes.processes().getFirst().toHandle());
            processes.awaitEnd("alone", alone);
            processes.awaitEnd("killed", training);
        }
        assertThat(processes.output("killed")).contains(killed, "going on from step");
        assertThat(processes.result("killed")).isEqualTo(processes.result("alone"));
    }

    /** The nodes take a quarter of a minute to be sure that they are alone, and to come together again. */
    @Test
    void whoLeadsIsNotMissedWhenKilled() throws Exception {
        Processes processes = new Processes(folder);
        try (LocalNodes nodes = new LocalNodes(2, folder)) {
            Process leading = processes.train("led", to(nodes));
            processes.awaitCheckpoint("led", leading);
            Processes.signal("STOP", leading.toHandle());
            Process standing = processes.train("led",
                    Stream.concat(to(nodes).stream(), Stream.of("--standby")).toList());
            await().atMost(LIMIT).until(() -> processes.output("led").contains("standing by"));
            Processes.signal("KILL", leading.toHandle());
            processes.awaitEnd("led", standing);
        }
        processes.awaitEnd("alone", processes.train("alone", List.of()));
        assertThat(processes.result("led")).isEqualTo(processes.result("alone"));
    }

    /** Of three two are gone before the third knows of either. */
    @Test
    void aNodeStaysInTheClusterThatAllOthersLeaveAtOnce() throws Exception {
        try (LocalNodes nodes = new LocalNodes(2, folder)) {
            Leader leader = Leader.join(new Membership("127.0.0.1", 0, nodes.names(), Optional.empty()), LIMIT);
            Processes.signal("KILL", nodes.processes().getFirst().toHandle());
            leader.close();
            nodes.add();
        }
        assertThat(folder.resolve("node-1.log")).content().contains("is a member").doesNotContain("cut off");
    }

    private static List<String> to(LocalNodes nodes) {
        return List.of("--nodes", String.join(",", nodes.names()));
    }
}
