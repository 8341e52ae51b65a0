package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Sgd;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** The whole GPT with its gradient and optimizer, ten steps: the compiled plan against the interpreter. */
class TenStepsTest {
    private static final int STEPS = 10;

    @ParameterizedTest
    @ValueSource(strings = {"tied = false", "positions = rotary, norm = rms_norm, block = [attention, swiglu]",
        "dropout = 0.2"})
    void planGivesTheInterpretersLosses(String form) {
        Model model = GptTest.spec("axes { d = 8, h = 2 }, layers = 2, " + form).build(2, 5, 7, true, 1);
        compare(model, new AdamW(0.9, 0.95, 1e-8, 0.1, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void planGivesTheInterpretersLossesWithMomentum(boolean nesterov) {
        compare(GptTest.spec("axes { d = 8, h = 2 }, layers = 2").build(2, 5, 7, true, 1),
                new Sgd(0.9, nesterov, 0.1, 1));
    }

    private static void compare(Model model, Optimizer optimizer) {
        TrainingProgram training = TrainingProgram.of(model, optimizer);
        List<double[]> expected = interpreted(model, training);
        assertThat(expected.getLast()[0]).isLessThan(expected.getFirst()[0]);
        assertClose(planned(model, training, Precision.DOUBLE), expected, 1e-9);
        assertClose(planned(model, training, Precision.FLOAT), expected, 1e-3);
    }

    /** Loss and norm of the gradient, step by step. */
    private static List<double[]> interpreted(Model model, TrainingProgram training) {
        Interpreted trial = new Interpreted(model);
        trial.startAtZero(training.program());
        trial.put(training.learningRate(), Nd4j.scalar(0.01));
        List<double[]> steps = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            trial.put(training.step(), Nd4j.scalar((double) step));
            putDropoutStep(trial, model, step);
            var values = trial.train(training.program());
            steps.add(new double[]{Objects.requireNonNull(values.get(model.loss())).getDouble(0),
                Objects.requireNonNull(values.get(training.gradientNorm())).getDouble(0)});
        }
        return steps;
    }

    private static void putDropoutStep(Interpreted trial, Model model, int step) {
        model.dropoutStep().ifPresent(value -> trial.put(value, Nd4j.scalar((double) step)));
    }

    private static List<double[]> planned(Model model, TrainingProgram training, Precision precision) {
        Interpreted start = new Interpreted(model);
        List<double[]> steps = new ArrayList<>();
        try (Session session = new Session(Plan.compile(training.program(), model.sizes(), precision))) {
            List<Value> given = new ArrayList<>(List.of(model.tokens(), model.targets()));
            model.parameters().forEach(parameter -> given.add(parameter.value()));
            given.forEach(value -> session.array(value).assign(start.get(value)));
            session.array(training.learningRate()).assign(0.01);
            for (int step = 1; step <= STEPS; step++) {
                int now = step;
                session.array(training.step()).assign(now);
                model.dropoutStep().ifPresent(value -> session.array(value).assign(now));
                session.run();
                steps.add(new double[]{session.array(model.loss()).getDouble(0),
                    session.array(training.gradientNorm()).getDouble(0)});
            }
        }
        return steps;
    }

    private static void assertClose(List<double[]> found, List<double[]> expected, double relative) {
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < 2; i++) {
                double value = expected.get(step)[i];
                assertThat(found.get(step)[i]).as((i == 0 ? "loss" : "norm") + " of step " + (step + 1))
                        .isCloseTo(value, within(relative * value));
            }
        }
    }
}
