package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The process of a sweep is killed at random moments: its tables, its law and its models are those of one that nothing happened to. */
@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
class KilledSweepTest {
    private static final int KILLS = 20;
    /** What a process ends with that is killed by signal 9. */
    private static final int KILLED = 128 + 9;
    /** Trainings go on from the middle, and six widths are enough for a law. */
    private static final List<String> OPTIONS = List.of("-S", "sweep.grid.d=[4,6,8,10,12,16]", "-S",
            "training.checkpoint-every=50", "-S", "sweep.workers=2", "-S", "fit.bootstrap=50");

    @TempDir
    private Path folder = Path.of("");

    /**
     * A sweep is killed and started again until it ends, then another. Any moment of the time that one takes undisturbed is as likely: it
     * may be starting, training, keeping a checkpoint, writing tables, fitting.
     */
    @Test
    void aSweepWhoseProcessIsKilled() throws Exception {
        TinySweep sweep = TinySweep.of(folder, 3, 1000);
        Processes processes = new Processes(folder);
        long start = System.nanoTime();
        processes.awaitEnd("alone", processes.start("sweep", sweep.config(), "alone", OPTIONS));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        List<String> undisturbed = result(sweep, "alone");

        Random random = new Random(1);
        int kills = 0;
        for (int round = 0; kills < KILLS; round++) {
            String name = "hit-" + round;
            Process process = processes.start("sweep", sweep.config(), name, OPTIONS);
            while (isKilled(process, random.nextLong(millis))) {
                kills++;
                process = processes.start("sweep", sweep.config(), name, OPTIONS);
            }
            processes.awaitEnd(name, process);
            assertThat(result(sweep, name)).as("sweep %d: %s", round, processes.output(name)).isEqualTo(undisturbed);
        }
    }

    /** Kills a process after some time, unless it has ended by then or while it is being killed. */
    private static boolean isKilled(Process process, long millis) throws Exception {
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            return false;
        }
        Processes.signal("KILL", process.toHandle());
        return process.waitFor() == KILLED;
    }

    private List<String> result(TinySweep sweep, String name) throws Exception {
        List<String> result = new ArrayList<>(sweep.result(name));
        result.add(Files.readString(folder.resolve(name).resolve("fit.json")));
        return result;
    }
}
