package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Precision;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Schedule;
import org.einscale.trainer.task.Answers;
import org.einscale.trainer.task.Zipf;
import org.einscale.trainer.task.ZipfLookup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task is trained on as a text is. */
class TaskTrainingTest {
    private static final int STEPS = 6;
    private static final ZipfLookup TASK = new ZipfLookup(20, 2, 8, 1, 0.25);
    private static final ModelDefinition MODEL = Tiny.model("layers = 2, dropout = 0.1");
    private static final double[] LOSSES = losses(spec("", "", 1));

    private static TaskData data(long different) {
        return new TaskData(TASK, different, 3);
    }

    private static TrainingSpec spec(String mesh, String presets, int microBatches) {
        Splitting splitting = mesh.isBlank()
                ? Splitting.NONE
                : Splitting.of(Mesh.of(mesh), List.of(), Stream.of(presets.split(" ")).map(Preset::of).toList());
        return new TrainingSpec(8, 2, STEPS, 0.01, new Schedule.Constant(2), new AdamW(0.9, 0.95, 1e-8, 0, 1), 3, 2000,
                0, Precision.DOUBLE, 7).inMicroBatches(microBatches).over(splitting);
    }

    private static double[] losses(TrainingSpec spec) {
        try (TrainingStep step = TrainingStep.of(PreparedTraining.of(MODEL, spec, data(0)))) {
            double[] losses = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                losses[i] = step.run(i);
            }
            return losses;
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | '' | 4", "data=2 | data | 1", "data=2 | fsdp | 2",
        "model=2 | megatron vocabulary | 1", "context=2 | context | 1", "stage=2 | pipeline | 4",
        "data=2,stage=2 | pipeline data | 2"})
    void lossesOfEveryMeshAreThoseOfOneDevice(String mesh, String presets, int microBatches) {
        assertThat(losses(spec(mesh, presets, microBatches))).containsExactly(LOSSES, within(1e-10));
    }

    @Test
    void theTargetOfTheLastTokenAloneCounts() {
        int[] tokens = new int[6];
        int[] targets = {9, 9, 9, 9, 9, 9};
        double[] weights = {9, 9, 9, 9, 9, 9};
        data(0).training(spec("", "", 1)).fill(0, 3, tokens, targets, weights);

        assertThat(weights).containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(targets[0]).isZero();
        assertThat(targets[1]).isBetween(0, 7);
    }

    @Test
    void sequencesArePureFunctionsOfSeedAndNumber() {
        Sequences sequences = data(0).training(spec("", "", 1));
        int[] tokens = new int[200];
        int[] targets = new int[200];
        sequences.fill(0, 100, tokens, targets, new double[200]);
        int[] one = new int[2];
        int[] answer = new int[2];
        for (int i : new int[]{99, 3, 50}) {
            data(0).training(spec("", "", 1)).fill(i, 1, one, answer, new double[2]);
            assertThat(one).containsExactly(tokens[2 * i], tokens[2 * i + 1]);
            assertThat(answer[1]).isEqualTo(targets[2 * i + 1]);
        }
    }

    /** Each of them once an epoch, in another order. */
    @Test
    void limitedExamplesComeAgainEveryEpoch() {
        int[] tokens = new int[400];
        int[] targets = new int[400];
        data(50).training(spec("", "", 1)).fill(0, 200, tokens, targets, new double[400]);
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            first.add(tokens[2 * i] + " " + tokens[2 * i + 1] + " " + targets[2 * i + 1]);
            int j = i + 50;
            second.add(tokens[2 * j] + " " + tokens[2 * j + 1] + " " + targets[2 * j + 1]);
        }
        assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
    }

    /** Evenly spread, they hold each key and each value as often as it occurs, to one in their number. */
    @Test
    void whatItIsMeasuredOnStandsForAll() {
        HeldOut held = data(0).heldOut(spec("", "", 1));
        int[] tokens = new int[2 * held.count()];
        int[] targets = new int[2 * held.count()];
        held.sequences().fill(0, held.count(), tokens, targets, new double[tokens.length]);
        ZipfLookup.Table table = TASK.examples(3);
        Zipf frequencies = TASK.frequencies();
        int[] key = new int[2];
        Set<String> keys = new HashSet<>();
        for (int rank = 0; rank < TASK.keys(); rank++) {
            table.key(rank, key, 0);
            keys.add(key[0] + " " + key[1]);
            int found = 0;
            int right = 0;
            for (int i = 0; i < held.count(); i++) {
                boolean same = tokens[2 * i] == key[0] && tokens[2 * i + 1] == key[1];
                found += same ? 1 : 0;
                right += same && targets[2 * i + 1] == table.value(rank) ? 1 : 0;
            }
            double expected = frequencies.share(rank) * held.count();
            assertThat((double) found).isCloseTo(expected, within(1.0));
            assertThat((double) right).isCloseTo(expected * TASK.right(), within(2.0));
        }
        assertThat(keys).hasSize(TASK.keys());
    }

    @Test
    void sequencesOfAnotherLengthAreRefused() {
        TrainingSpec longer = new TrainingSpec(8, 16, 1, 0.01, new Schedule.Constant(0),
                new AdamW(0.9, 0.95, 1e-8, 0, 1), 0, 64, 0, Precision.FLOAT, 1);
        assertThatThrownBy(() -> PreparedTraining.of(MODEL, longer, data(0)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "sequences of 16 tokens: expected training.length = 2, as the task asks by 2 tokens");
    }

    private static TrainingResult train(Path folder) {
        try (Training training = new Training(MODEL, spec("", "", 1), data(0), Optional.of(folder),
                TrainingListener.NONE)) {
            return training.run();
        }
    }

    /** The model is saved with its task, and knows as much as it was measured to know. */
    @Test
    void aSavedModelAnswers(@TempDir Path folder) {
        TrainingResult result = train(folder);
        assertThat(result.bitsPerByte()).isNaN();
        try (Predictor predictor = Predictor.load(folder)) {
            assertThat(predictor.model().learned()).isEqualTo(new Learned.OfTask(TASK, 3));

            Answers answers = Answers.of(TASK, 3, predictor::logProbabilities);
            assertThat(answers.loss()).isCloseTo(result.validationLoss(), within(0.02));
        }
        assertThatThrownBy(() -> Sampler.load(folder)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has learned a task, not a text");
    }

    @Test
    void anInterruptedTrainingGoesOnBitByBit(@TempDir Path folder) throws IOException {
        TrainingResult straight = train(folder.resolve("straight"));
        try (Training training = new Training(MODEL, spec("", "", 1), data(0), Optional.of(folder.resolve("stopped")),
                new TrainingListener() {
                    @Override
                    public void progress(long step, long steps, double loss, double tokensPerSecond) {
                        if (step == 4) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })) {
            assertThatThrownBy(training::run).isInstanceOf(TrainingInterrupted.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        TrainingResult resumed = train(folder.resolve("stopped"));

        assertThat(resumed.history().stream().map(Tiny::untimed))
                .isEqualTo(straight.history().stream().map(Tiny::untimed).toList());
        assertThat(Files.readAllBytes(folder.resolve("stopped").resolve(SavedModel.FILE)))
                .isEqualTo(Files.readAllBytes(folder.resolve("straight").resolve(SavedModel.FILE)));
    }

    @Test
    void anotherTaskIsAnotherTraining(@TempDir Path folder) {
        train(folder);
        assertThatThrownBy(() -> new Training(MODEL, spec("", "", 1), new TaskData(TASK, 0, 4), Optional.of(folder),
                TrainingListener.NONE)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("task seed is 3 there and 4 here");
    }
}
