package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.einscale.tensor.Precision;
import org.einscale.tensor.file.Safetensors;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that goes on from the middle of a longer one comes to the bits of one that does all by itself. */
class TrunkTest {
    private static final long STEPS = 24;

    @TempDir
    private Path folder = Path.of("");
    private final List<String> ready = new ArrayList<>();

    private static PreparedTraining prepared(Schedule schedule, long steps, long seed) {
        return PreparedTraining.of(Tiny.model(),
                new TrainingSpec(4, Tiny.LENGTH, steps, 0.01, schedule, new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0), 5, 128,
                        0, Precision.FLOAT, seed),
                Tiny.text());
    }

    private static PreparedTraining decaying(long steps) {
        return prepared(new Schedule.WarmupStableDecay(3, steps, steps / 4, 0.1), steps, 7);
    }

    private static Training training(PreparedTraining prepared, Path into, TrainingListener listener) {
        return new Training(prepared, Optional.of(into), listener);
    }

    private TrainingResult run(PreparedTraining prepared, String into) {
        try (Training training = training(prepared, folder.resolve(into), TrainingListener.NONE)) {
            return training.run();
        }
    }

    private void share(Training longest, long steps, String into) {
        longest.share(decaying(steps), folder.resolve(into), () -> ready.add(into));
    }

    private static List<LossPoint> untimed(List<LossPoint> history) {
        return history.stream().map(Tiny::untimed).toList();
    }

    private Map<String, FloatBuffer> states(String into) {
        return Safetensors.read(folder.resolve(into).resolve(Checkpoint.FILE)).arrays().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey,
                        state -> FloatBuffer.wrap(state.getValue().dup().data().asFloat())));
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 12, 23})
    void aShorterTrainingHasTheBitsOfOneAlone(long steps) {
        TrainingResult alone = run(decaying(steps), "alone");
        try (Training longest = training(decaying(STEPS), folder.resolve("longest"), TrainingListener.NONE)) {
            share(longest, steps, "shared");
            longest.run();
        }
        assertThat(ready).containsExactly("shared");
        assertThat(Checkpoint.read(folder.resolve("shared")).orElseThrow().step()).isEqualTo(steps - steps / 4);

        List<LossPoint> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void evaluated(LossPoint measurement) {
                heard.add(measurement);
            }
        };
        TrainingResult shared;
        try (Training training = training(decaying(steps), folder.resolve("shared"), listener)) {
            assertThat(training.steps()).isEqualTo(steps - steps / 4);
            shared = training.run();
        }
        assertThat(untimed(shared.history())).isEqualTo(untimed(alone.history()));
        assertThat(untimed(heard)).isEqualTo(untimed(alone.history()));
        assertThat(states("shared")).isEqualTo(states("alone"));
    }

    @Test
    void theLongestIsAsIfItSharedNothing() {
        TrainingResult alone = run(decaying(STEPS), "alone");
        try (Training longest = training(decaying(STEPS), folder.resolve("longest"), TrainingListener.NONE)) {
            share(longest, 8, "first");
            share(longest, 12, "second");
            share(longest, 12, "third");
            assertThat(untimed(longest.run().history())).isEqualTo(untimed(alone.history()));
        }
        assertThat(ready).containsExactly("first", "second", "third");
        assertThat(states("longest")).isEqualTo(states("alone"));
        assertThat(states("second")).isEqualTo(states("third")).isNotEqualTo(states("first"));
    }

    /** It was stopped after it had left a checkpoint for the other, which has come to its end since. */
    @Test
    void aCheckpointThatIsThereIsKept() {
        run(decaying(12), "shorter");
        try (Training longest = training(decaying(STEPS), folder.resolve("longest"), TrainingListener.NONE)) {
            share(longest, 12, "shorter");
            longest.run();
        }
        assertThat(Checkpoint.read(folder.resolve("shorter")).orElseThrow().step()).isEqualTo(12);
        try (Training again = training(decaying(STEPS), folder.resolve("longest"), TrainingListener.NONE)) {
            share(again, 8, "later");
            again.run();
        }
        assertThat(Checkpoint.read(folder.resolve("later"))).isEmpty();
        assertThat(ready).containsExactly("shorter");
    }

    @Test
    void whatDoesNotBeginAlikeIsRefused() {
        try (Training longest = training(decaying(STEPS), folder.resolve("longest"), TrainingListener.NONE)) {
            for (PreparedTraining other : List.of(decaying(48),
                    prepared(new Schedule.WarmupStableDecay(3, 12, 3, 0.1), 12, 8),
                    prepared(new Schedule.WarmupStableDecay(2, 12, 3, 0.1), 12, 7))) {
                assertThatThrownBy(() -> longest.share(other, folder.resolve("other"), () -> {
                })).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("does not begin as that of");
            }
        }
    }

    @Test
    void sharedIsWhatComesBeforeTheDecay() {
        assertThat(Trunk.steps(decaying(12).spec())).isEqualTo(9);
        assertThat(Trunk.steps(prepared(new Schedule.WarmupCosine(3, 12, 0.1), 12, 7).spec())).isEqualTo(3);
        assertThat(Trunk.steps(prepared(new Schedule.Constant(3), 12, 7).spec())).isEqualTo(11);
        assertThat(Trunk.of(prepared(new Schedule.Constant(3), 12, 7))).isEqualTo(Trunk.of(decaying(24)));
    }
}
