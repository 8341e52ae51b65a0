package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Nodes are killed or freeze, and the command itself is killed, at random moments: the table is that of a sweep that nothing happened to. */
@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
class ChaosSweepTest {
    private static final int TIMES = 10;
    private static final String[] SIGNALS = {"KILL", "STOP"};

    @TempDir
    private Path folder = Path.of("");
    private final StringWriter said = new StringWriter();

    @Test
    void aSweepOfWhichNodesAndTheCommandAreHit() throws Exception {
        TinySweep sweep = TinySweep.of(folder, 201, 80);
        assertThat(sweep.run("alone", said)).as(said.toString()).isZero();
        List<String> undisturbed = sweep.result("alone");
        Random random = new Random(1);
        Processes processes = new Processes(folder);
        for (int round = 0; round < TIMES; round++) {
            String name = "hit-" + round;
            try (LocalNodes nodes = new LocalNodes(2, folder)) {
                Process command = sweep(processes, sweep, name, nodes);
                Process node = nodes.processes().get(random.nextInt(2));
                if (!command.waitFor(2000 + random.nextInt(15_000), TimeUnit.MILLISECONDS)) {
                    Processes.signal(SIGNALS[round / 2 % 2], node.toHandle());
                    nodes.add();
                }
                if (round % 2 == 1 && !command.waitFor(random.nextInt(5000), TimeUnit.MILLISECONDS)) {
                    Processes.signal("KILL", command.toHandle());
                    assertThat(command.waitFor()).isNotZero();
                    command = sweep(processes, sweep, name, nodes);
                }
                processes.awaitEnd(name, command);
                Processes.signal("KILL", node.toHandle());
            }
            assertThat(sweep.result(name)).as("round %d: %s", round, processes.output(name)).isEqualTo(undisturbed);
        }
    }

    private static Process sweep(Processes processes, TinySweep sweep, String name, LocalNodes nodes)
            throws Exception {
        return processes.start(name, processes.command("sweep", sweep.config(), name,
                List.of("--nodes", String.join(",", nodes.names()))));
    }
}
