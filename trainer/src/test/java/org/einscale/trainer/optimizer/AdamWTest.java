package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pairwise;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Initialiser;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** AdamW on the loss sum(w) + 2 sum(g) over a 2 x 2 matrix w and a vector g of 3: gradients are 1 and 2 everywhere. */
class AdamWTest {
    private static final double NORM = Math.sqrt(4 * 1 + 3 * 4);

    private final Value matrix;
    private final Value vector;
    private final Model model;
    private final Map<Value, INDArray> given = new HashMap<>();

    AdamWTest() {
        ProgramBuilder builder = new ProgramBuilder();
        Value tokens = builder.input("tokens", "");
        matrix = builder.state("w", "i j");
        vector = builder.state("g", "k");
        Value sums = builder.add(builder.reduce(Operation.Reduction.SUM, matrix, List.of()),
                builder.map(Pointwise.constant(2).times(Pointwise.operand(0)),
                        builder.reduce(Operation.Reduction.SUM, vector, List.of())));
        builder.output(sums);
        model = new Model(builder.build(), Sizes.of(Map.of("i", 2, "j", 2, "k", 3)), tokens, tokens, Optional.empty(),
                sums, sums,
                List.of(new Parameter(matrix, Initialiser.ones(), false),
                        new Parameter(vector, Initialiser.ones(), false)));
        given.put(tokens, Nd4j.scalar(0.0));
        given.put(matrix, Nd4j.valueArrayOf(new long[]{2, 2}, 5.0));
        given.put(vector, Nd4j.valueArrayOf(new long[]{3}, 5.0));
    }

    private Interpreter.Run step(TrainingProgram training, int step, double rate) {
        training.moments().forEach((parameter, moments) -> {
            given.computeIfAbsent(moments.m(), m -> Objects.requireNonNull(given.get(parameter.value())).mul(0));
            given.computeIfAbsent(moments.v(), v -> Objects.requireNonNull(given.get(parameter.value())).mul(0));
        });
        given.put(training.learningRate(), Nd4j.scalar(rate));
        given.put(training.step(), Nd4j.scalar((double) step));
        Interpreter.Run run = Interpreter.run(training.program(), model.sizes(), given);
        given.putAll(run.states());
        return run;
    }

    private double first(Value value) {
        return Objects.requireNonNull(given.get(value)).getDouble(0);
    }

    @Test
    void followsTheFormulaOfThePaper() {
        double[] p = {5, 5};
        double[] m = new double[2];
        double[] v = new double[2];
        double[] decay = {0.1, 0};
        double clip = 1 / (NORM + 1e-6);
        double[] g = {1 * clip, 2 * clip};
        TrainingProgram training = new AdamW(0.9, 0.95, 1e-3, 0.1, 1).of(model);
        for (int t = 1; t <= 5; t++) {
            double rate = 0.1 / t;
            Interpreter.Run run = step(training, t, rate);
            assertThat(Objects.requireNonNull(run.values().get(training.gradientNorm())).getDouble(0)).isCloseTo(NORM,
                    within(1e-12));
            for (int i = 0; i < 2; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                double corrected = m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.95, t))) + 1e-3);
                p[i] = p[i] - rate * decay[i] * p[i] - rate * corrected;
            }
            assertThat(first(matrix)).isCloseTo(p[0], within(1e-12));
            assertThat(first(vector)).isCloseTo(p[1], within(1e-12));
            Moments moments = Objects.requireNonNull(training.moments().get(model.parameters().getFirst()));
            assertThat(first(moments.m())).isCloseTo(m[0], within(1e-12));
            assertThat(first(moments.v())).isCloseTo(v[0], within(1e-12));
        }
    }

    @Test
    void aNormBelowTheClipLeavesTheGradientAlone() {
        for (double clip : new double[]{5, Double.POSITIVE_INFINITY}) {
            given.keySet().removeIf(value -> value.name().contains("."));
            TrainingProgram training = new AdamW(0.9, 0.95, 1e-8, 0, clip).of(model);
            Interpreter.Run run = step(training, 1, 0);
            Moments moments = Objects.requireNonNull(training.moments().get(model.parameters().getFirst()));
            assertThat(Objects.requireNonNull(run.states().get(moments.m())).getDouble(0)).isCloseTo(0.1,
                    within(1e-15));
        }
    }

    @Test
    void eachParametersThreeUpdatesStandInARow() {
        List<String> updates = new AdamW(0.9, 0.95, 1e-8, 0.1, 1).of(model).program().statements().stream()
                .map(s -> s.result().name()).filter(name -> name.endsWith("'")).toList();
        assertThat(updates).containsExactly("w.m'", "w.v'", "w'", "g.m'", "g.v'", "g'");
    }

    /** Three pairs forward and two back for each; one full contraction for each operand would be 3 + 4 * 3. */
    @Test
    void gradientsOfAContractionOfFourOperandsShareCotangents() {
        ProgramBuilder builder = new ProgramBuilder();
        Value tokens = builder.input("tokens", "");
        List<Value> factors = List.of(builder.state("w", "a b"), builder.state("x", "b c"), builder.state("y", "c d"),
                builder.state("z", "d a"));
        Value loss = builder.einsum("a b, b c, c d, d a ->", factors.toArray(Value[]::new));
        builder.output(loss);
        Sizes sizes = Sizes.of(Map.of("a", 5, "b", 4, "c", 3, "d", 2));
        Model chain = new Model(builder.build(), sizes, tokens, tokens, Optional.empty(), loss, loss,
                factors.stream().map(factor -> new Parameter(factor, Initialiser.ones(), false)).toList());
        Program training = new AdamW(0.9, 0.95, 1e-8, 0, 1).of(chain).program();
        List<Operation.Contract> contractions = new Pairwise().apply(training, Context.of(sizes)).statements().stream()
                .map(Statement::operation).filter(Operation.Contract.class::isInstance)
                .map(Operation.Contract.class::cast).toList();
        List<Operation.Contract> norms = contractions.stream()
                .filter(c -> c.operands().size() == 2 && c.operands().getFirst().equals(c.operands().getLast()))
                .toList();
        assertThat(norms).hasSize(4);
        assertThat(contractions.size() - norms.size()).isLessThanOrEqualTo(3 + 2 * 3);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new AdamW(1, 0.9, 1e-8, 0, 1))
                .hasMessage("AdamW: beta1 is 1.0; expected at least 0 and below 1");
        assertThatThrownBy(() -> new AdamW(0.9, -1, 1e-8, 0, 1))
                .hasMessage("AdamW: beta2 is -1.0; expected at least 0 and below 1");
        assertThatThrownBy(() -> new AdamW(0.9, 0.9, 0, 0, 1)).hasMessage("AdamW: epsilon is 0.0; expected above 0");
        assertThatThrownBy(() -> new AdamW(0.9, 0.9, 1e-8, -1, 1))
                .hasMessage("AdamW: weight decay is -1.0; expected 0 or more");
        assertThatThrownBy(() -> new AdamW(0.9, 0.9, 1e-8, 0, 0))
                .hasMessage("AdamW: clip is 0.0; expected above 0, or infinity for none");
    }
}
