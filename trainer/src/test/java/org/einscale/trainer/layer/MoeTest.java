package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The mixture of experts that ships. */
class MoeTest {

    /** Token by token: the best expert, while it has places. */
    @ParameterizedTest
    @CsvSource({"2, 9, 5, 3, 4", "1, 12, 3, 4, 4", "3, 4, 2, 1, 5", "2, 7, 3, 5, 2"})
    void eachTokenGoesToOneExpert(int b, int l, int d, int e, int places) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b l d");
        Sizes given = Sizes.of(Map.of("b", b, "l", l, "d", d, "e", e));
        LayerCompiler compiler = new LayerCompiler(builder, Layers.shipped(), given,
                new LayerCompiler.Dropout(0, false, 1));
        Value y = compiler.apply(Layer.named("mixed").inputs("x").step("y = moe(x)"), "mixed",
                List.of(Pending.of(x))).value(builder, "y");
        builder.output(y);
        Program program = builder.build();
        Sizes sizes = compiler.names().sizes();
        Map<Value, INDArray> values = Filling.of(program, sizes, 4);
        INDArray found = Objects.requireNonNull(Interpreter.run(program, sizes, values).values().get(y));

        INDArray in = Objects.requireNonNull(values.get(x));
        INDArray router = parameter(values, "mixed.moe.router");
        INDArray up = parameter(values, "mixed.moe.up");
        INDArray down = parameter(values, "mixed.moe.down");
        int passed = 0;
        for (int i = 0; i < b; i++) {
            int[] taken = new int[e];
            for (int j = 0; j < l; j++) {
                double[] chances = new double[e];
                double sum = 0;
                int best = 0;
                for (int g = 0; g < e; g++) {
                    double logit = 0;
                    for (int k = 0; k < d; k++) {
                        logit += in.getDouble(i, j, k) * router.getDouble(k, g);
                    }
                    chances[g] = Math.exp(logit);
                    sum += chances[g];
                    best = chances[g] > chances[best] ? g : best;
                }
                boolean free = taken[best]++ < places;
                passed += free ? 0 : 1;
                for (int k = 0; k < d; k++) {
                    double right = 0;
                    for (int f = 0; free && f < 4 * d; f++) {
                        double hidden = 0;
                        for (int q = 0; q < d; q++) {
                            hidden += in.getDouble(i, j, q) * up.getDouble(best, q, f);
                        }
                        right += Unary.GELU.apply(hidden) * down.getDouble(best, f, k);
                    }
                    assertThat(found.getDouble(i, j, k)).isCloseTo(chances[best] / sum * right, within(1e-10));
                }
            }
        }
        assertThat(passed).as("tokens without a place").isLessThan(b * l);
    }

    private static INDArray parameter(Map<Value, INDArray> values, String name) {
        return values.entrySet().stream().filter(entry -> entry.getKey().name().equals(name)).findFirst().orElseThrow()
                .getValue();
    }

    @Test
    void trains() {
        Model model = GptTest.spec("axes { d = 8, h = 2, e = 3 }, layers = 2, block = [attention, moe]").build(2, 6, 7,
                true, 1);
        TrainingProgram training = TrainingProgram.of(model, new AdamW(0.9, 0.99, 1e-8, 0, 1));
        Interpreted trial = new Interpreted(model);
        trial.startAtZero(training.program());
        trial.put(training.learningRate(), Nd4j.scalar(0.02));
        double first = trial.loss();
        INDArray router = trial.get(parameter(model, "block.0.moe.router")).dup();
        for (int step = 1; step <= 12; step++) {
            trial.put(training.step(), Nd4j.scalar((double) step));
            trial.train(training.program());
        }
        assertThat(model.warnings()).isEmpty();
        assertThat(trial.loss()).isLessThan(0.7 * first);
        assertThat(trial.get(parameter(model, "block.0.moe.router"))).isNotEqualTo(router);
    }

    private static Value parameter(Model model, String name) {
        return model.parameters().stream().map(Parameter::value).filter(value -> value.name().equals(name)).findFirst()
                .orElseThrow();
    }
}
