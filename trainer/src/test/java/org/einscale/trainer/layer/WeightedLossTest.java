package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.trainer.optimizer.Sgd;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The loss of a model whose targets count differently. */
class WeightedLossTest {
    private static final int BATCH = 4;
    private static final int LENGTH = 3;
    private static final int VOCABULARY = 5;

    private static Model plain(int batch) {
        return GptTest.spec("axes { d = 8, h = 2 }, layers = 1").build(batch, LENGTH, VOCABULARY, true, 1);
    }

    /** One number for each target, of mean 1; some are 0. */
    private static INDArray weights() {
        INDArray weights = Nd4j.create(DataType.DOUBLE, BATCH, LENGTH);
        for (int i = 0; i < weights.length(); i++) {
            weights.putScalar(i, i % 4);
        }
        return weights.divi(weights.meanNumber());
    }

    private static Interpreted given(Model model, INDArray weights) {
        Interpreted trial = new Interpreted(model).noisy();
        trial.put(model.weights().orElseThrow(), weights);
        return trial;
    }

    @Test
    void isTheMeanOfWeightsTimesLosses() {
        Model model = plain(BATCH).weighted();
        Interpreted trial = given(model, weights());
        INDArray logits = trial.run(model.logits());
        double sum = 0;
        for (int i = 0; i < BATCH * LENGTH; i++) {
            double norm = 0;
            for (int v = 0; v < VOCABULARY; v++) {
                norm += Math.exp(logits.getDouble(i / LENGTH, i % LENGTH, v));
            }
            int target = (int) trial.get(model.targets()).getDouble(i / LENGTH, i % LENGTH);
            sum += weights().getDouble(i / LENGTH, i % LENGTH)
                    * (Math.log(norm) - logits.getDouble(i / LENGTH, i % LENGTH, target));
        }
        assertThat(trial.loss()).isCloseTo(sum / (BATCH * LENGTH), within(1e-12));
    }

    @Test
    void equalWeightsGiveThePlainLoss() {
        Model model = plain(BATCH).weighted();
        INDArray ones = Nd4j.ones(DataType.DOUBLE, BATCH, LENGTH);

        assertThat(given(model, ones).loss()).isCloseTo(new Interpreted(plain(BATCH)).noisy().loss(), within(1e-12));
    }

    @Test
    void gradientsAreTheSlopes() {
        given(plain(BATCH).weighted(), weights()).slopes().forEach(slopes -> assertThat(slopes.pass())
                .as(slopes.element()).isCloseTo(slopes.difference(), within(1e-7 * (1 + Math.abs(slopes.pass())))));
    }

    @Test
    void aTargetOfWeightZeroHasNoSay() {
        Model model = plain(BATCH).weighted();
        Interpreted trial = given(model, weights());
        double before = trial.loss();
        INDArray targets = trial.get(model.targets());
        targets.putScalar(0, 0, (targets.getDouble(0, 0) + 1) % VOCABULARY);
        assertThat(trial.loss()).isEqualTo(before);

        targets.putScalar(0, 1, (targets.getDouble(0, 1) + 1) % VOCABULARY);
        assertThat(trial.loss()).isNotEqualTo(before);
    }

    /** A part of the batch counts as its weights say, not as the others. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aBatchTakenInPartsIsTheBatchTakenAtOnce(int parts) {
        Map<String, INDArray> expected = step(1);
        step(parts).forEach((name, array) -> assertThat(
                Objects.requireNonNull(expected.get(name)).sub(array).amaxNumber().doubleValue()).as(name)
                .isLessThan(1e-12));
    }

    /** Loss, norm and parameters after a step. */
    private static Map<String, INDArray> step(int parts) {
        Interpreted whole = given(plain(BATCH).weighted(), weights());
        Model model = plain(BATCH / parts).weighted();
        TrainingProgram training = TrainingProgram.of(model, new Sgd(0, false, 0, Double.POSITIVE_INFINITY), parts);
        Map<String, INDArray> byName = new HashMap<>();
        Model one = plain(BATCH).weighted();
        one.program().states().forEach(state -> byName.put(state.name(), whole.get(state)));
        Map<Value, INDArray> given = new HashMap<>();
        training.program().states()
                .forEach(state -> given.put(state, Objects.requireNonNull(byName.getOrDefault(state.name(),
                        Nd4j.zeros(DataType.DOUBLE,
                                state.axes().stream().mapToLong(training.sizes()::of).toArray())))));
        given.put(training.tokens(), whole.get(one.tokens()));
        given.put(training.targets(), whole.get(one.targets()));
        given.put(training.weights().orElseThrow(), weights());
        given.put(training.learningRate(), Nd4j.scalar(0.5));
        given.put(training.step(), Nd4j.scalar(1.0));
        Interpreter.Run run = Interpreter.run(training.program(), training.sizes(), given);
        Map<String, INDArray> found = new HashMap<>();
        model.parameters().forEach(parameter -> found.put(parameter.value().name(),
                Objects.requireNonNull(run.states().get(parameter.value()))));
        found.put("loss", Objects.requireNonNull(run.values().get(training.loss())));
        found.put("norm", Objects.requireNonNull(run.values().get(training.gradientNorm())));
        return found;
    }

    @Test
    void onlyAWeightedModelMultipliesByWeights() {
        Model plain = plain(BATCH);
        Model weighted = plain.weighted();

        assertThat(plain.weights()).isEmpty();
        assertThat(plain.program().inputs()).doesNotContain(weighted.weights().orElseThrow());
        assertThat(weighted.program().statements()).hasSize(plain.program().statements().size() + 1);
        assertThat(weighted.program().statements().getLast().operation()).isInstanceOf(Operation.Reduce.class);
    }
}
