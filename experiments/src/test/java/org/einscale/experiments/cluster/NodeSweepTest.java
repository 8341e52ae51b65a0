package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.einscale.experiments.Main;
import org.einscale.experiments.Version;
import org.einscale.experiments.sweep.TrialWork;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A sweep on nodes has the table of one in a single process, whatever becomes of them. */
@Tag("once")
@DisabledOnOs(OS.WINDOWS)
class NodeSweepTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path folder = Path.of("");
    private final StringWriter said = new StringWriter();

    @Test
    void theTrialsOfANodeThatIsKilledAreTrainedElsewhere() throws Exception {
        TinySweep sweep = TinySweep.of(folder, 12, 50);
        assertThat(sweep.run("alone", said)).as(said.toString()).isZero();

        try (LocalNodes nodes = new LocalNodes(2, folder)) {
            FutureTask<Integer> spread = new FutureTask<>(
                    () -> sweep.run("spread", said, "--nodes", String.join(",", nodes.names())));
            Thread.ofPlatform().start(spread);
            await().atMost(LIMIT).failFast(() -> assertThat(spread.isDone()).as(said.toString()).isFalse())
                    .until(() -> Files.readString(folder.resolve("node-0.log")).contains(": begun for "));
            Processes.signal("KILL", nodes.processes().getFirst().toHandle());
            nodes.add();
            assertThat(spread.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(said.toString()).isZero();
        }
        assertThat(sweep.result("spread")).isEqualTo(sweep.result("alone"));
        assertThat(folder.resolve("spread/einscale.log")).content().contains("to be trained anew: node ",
                "on 127.0.0.1:");
    }

    @Test
    void aTrialThatDivergesFailsAndANodeOfAnotherVersionIsRefused() throws Exception {
        TinySweep sweep = TinySweep.of(folder, 3, 40);
        try (Node node = node(Version.number())) {
            assertThat(sweep.run("diverging", said, "--nodes", node.name(), "-S", "sweep.sizes=[{learning-rate=1e300}]",
                    "-S", "training.optimizer.clip=0")).as(said.toString()).isEqualTo(1);
            StringWriter listed = new StringWriter();
            assertThat(Main.commandLine().setOut(new PrintWriter(listed)).execute("nodes", node.name())).isZero();
            assertThat(listed.toString().lines().toList().getLast())
                    .matches(node.name() + " +1 +" + Version.number() + " +[1-9].*B +0 B +[1-9].*B +0 B +none");
        }
        List<Run> runs = RunTable.read(folder.resolve("diverging/runs.csv"));
        assertThat(runs).hasSize(3).extracting(Run::status).containsOnly(Run.Status.FAILED);
        assertThat(runs).allSatisfy(run -> assertThat(run.failedStep()).isPresent());

        try (Node node = node("0.0.0")) {
            assertThat(sweep.run("refused", said, "--nodes", node.name())).isEqualTo(1);
            assertThat(said.toString()).contains("node " + node.name() + ": its version is 0.0.0, that of this process "
                    + Version.number());
        }
    }

    private static Node node(String version) throws Exception {
        return Node.start(new Membership("127.0.0.1", 0, List.of(), Optional.empty()), 1, version, Recipe::make,
                TrialWork::of, LIMIT);
    }
}
