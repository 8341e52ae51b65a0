package org.einscale.scaling.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialStatusTest {

    private @TempDir Path folder;

    /** Trials before it may have begun as well: a worker takes the next one until it is stopped. */
    private void killedIn(String trial) {
        List<Trial> trials = SweepTest.trials("");
        assertThatThrownBy(() -> new Sweep(folder, trials, new Descent().interruptedAt(trial, 25)).run(1,
                SweepListener.SILENT)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void filesTellWhereEachTrialIs() throws IOException {
        killedIn("n3");
        for (String file : List.of("progress.json", "history.csv")) {
            Files.deleteIfExists(folder.resolve("trials/n2").resolve(file));
        }
        List<TrialStatus> trials = TrialStatus.read(folder, List.of("n2", "n3", "n4", "n5"));
        Instant heard = trials.get(1).heard().orElseThrow();

        assertThat(trials).extracting(trial -> trial.state(heard.plusSeconds(1))).containsExactly(
                TrialStatus.State.WAITING, TrialStatus.State.TRAINING, TrialStatus.State.FINISHED,
                TrialStatus.State.FINISHED);
        assertThat(trials.get(1).state(heard.plus(Duration.ofMinutes(2)))).isEqualTo(TrialStatus.State.SILENT);
        assertThat(trials.get(1).silence(heard.plusSeconds(90))).isEqualTo(Duration.ofSeconds(90));
        assertThat(trials).extracting(TrialStatus::n).containsExactly(4000L, 8000L, 16000L, 32000L);
        assertThat(trials).extracting(TrialStatus::step).startsWith(0L).endsWith(40L, 40L);
        assertThat(trials.get(1).step()).isBetween(1L, 25L);
        assertThat(trials.get(3).evaluations()).hasSize(4);
        assertThat(folder.resolve("trials/n3/progress.json")).exists();
        assertThat(folder.resolve("trials/n5/progress.json")).doesNotExist();
        assertThat(TrialStatus.names(folder)).containsExactly("n0", "n1", "n2", "n3", "n4", "n5");
    }

    @Test
    void whatIsLeftFollowsFromTheSpeed() {
        TrialStatus trial = new TrialStatus("a", 1, 4000, 40, 100, Optional.empty(),
                Optional.of(new Progress(10, 40, 3, 500)), Optional.of(Instant.EPOCH), List.of());
        assertThat(trial.left()).contains(Duration.ofSeconds(6));
    }

    @Test
    void aDamagedProgressIsNone() throws IOException {
        killedIn("n3");
        Files.writeString(folder.resolve("trials/n3/progress.json"), "{");
        assertThat(TrialStatus.read(folder, List.of("n3"))).first()
                .satisfies(trial -> assertThat(trial.state(Instant.now())).isEqualTo(TrialStatus.State.SILENT));
    }

    @Test
    void whatHasNoFolderIsLeftOut() {
        assertThat(TrialStatus.read(folder.resolve("nowhere"), List.of("n3"))).isEmpty();
    }
}
