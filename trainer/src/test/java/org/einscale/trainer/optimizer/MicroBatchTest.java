package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Initialiser;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.layer.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A batch taken in parts is the batch taken at once. */
class MicroBatchTest {
    private static final int BATCH = 8;
    private static final AdamW OPTIMIZER = new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0);
    private static final Step WHOLE = Step.of(1);

    private record Step(Model model, TrainingProgram program) {
        static Step of(int parts) {
            return of(parts, 6);
        }

        static Step of(int parts, int length) {
            Model model = ModelSpec.of(ConfigFactory.parseString(
                    "axes { d = 16, h = 4 }, layers = 1, block = [attention, mlp], dropout = 0.1"),
                    ConfigFactory.empty()).build(BATCH / parts, length, 12, true, 5);
            return new Step(model, TrainingProgram.of(model, OPTIMIZER, parts));
        }

        /** The same numbers whatever the parts. */
        Map<Value, INDArray> given() {
            Map<String, INDArray> byName = new HashMap<>();
            Filling.of(WHOLE.program.program(), WHOLE.program.sizes(), 1)
                    .forEach((value, array) -> byName.put(value.name(),
                            WHOLE.program.program().states().contains(value) && value.name().endsWith(".v")
                                    ? array.mul(array)
                                    : array));
            Map<Value, INDArray> given = new HashMap<>();
            Stream.of(program.program().inputs(), program.program().states()).flatMap(List::stream)
                    .forEach(value -> given.put(value, Objects.requireNonNull(byName.get(value.name()))));
            given.put(program.step(), Nd4j.scalar(3.0));
            given.put(program.learningRate(), Nd4j.scalar(0.01));
            return given;
        }

        Map<String, INDArray> run() {
            Interpreter.Run run = Interpreter.run(program.program(), program.sizes(), given());
            Map<String, INDArray> found = new HashMap<>();
            run.states().forEach((state, array) -> found.put(state.name(), array));
            found.put("loss", Objects.requireNonNull(run.values().get(program.loss())));
            found.put("norm", Objects.requireNonNull(run.values().get(program.gradientNorm())));
            return found;
        }
    }

    private static void same(Map<String, INDArray> found, Map<String, INDArray> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, array) -> assertThat(
                Objects.requireNonNull(found.get(name)).sub(array).amaxNumber().doubleValue()).as(name)
                .isLessThan(1e-10 * (1 + array.amaxNumber().doubleValue())));
    }

    /** Also with dropout, whose draws are those of the whole batch. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void lossGradientAndStatesAreThoseOfTheWholeBatch(int parts) {
        same(Step.of(parts).run(), WHOLE.run());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aPlanComputesThemToo(int parts) {
        Step step = Step.of(parts);
        Map<String, INDArray> expected = step.run();
        Plan plan = Plan.compile(step.program.program(), step.program.sizes(), Precision.DOUBLE);
        try (Session session = new Session(plan)) {
            step.given().forEach((value, array) -> session.array(value).assign(array));
            session.run();
            assertThat(session.array(step.program.loss()).getDouble(0))
                    .isCloseTo(Objects.requireNonNull(expected.get("loss")).getDouble(0), within(1e-12));
            step.program.program().states().forEach(state -> assertThat(session.array(state)
                    .sub(Objects.requireNonNull(expected.get(state.name()))).amaxNumber().doubleValue())
                    .as(state.name())
                    .isLessThan(1e-10));
        }
    }

    @Test
    void activationsOfOnePartAreKeptAtATime() {
        assertThat(scratch(Step.of(8, 64))).isLessThan(scratch(Step.of(1, 64)) / 4);
    }

    private static long scratch(Step step) {
        return Plan.compile(step.program.program(), step.program.sizes(), Precision.FLOAT).scratchBytes();
    }

    /** Work is the same but for the additions of gradients. */
    @Test
    void takesNoMoreMultiplications() {
        Step step = Step.of(4);
        double parameters = step.model.parameterCount();
        assertThat(Flops.of(step.program.program(), step.program.sizes()))
                .isLessThan(Flops.of(WHOLE.program.program(), WHOLE.program.sizes()) + 4.1 * parameters);
    }

    /** Every gradient is reduced once a step. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=2 | data", "data=4 | zero2", "data=4 | fsdp"})
    void devicesReduceAGradientOnceAStep(String mesh, String preset) {
        Step parts = Step.of(2);
        Partition partition = partition(parts, mesh, preset);
        same(lockstep(parts, partition), WHOLE.run());

        assertThat(reduced(partition)).isLessThanOrEqualTo(reduced(partition(WHOLE, mesh, preset))).isPositive();
    }

    /** Bytes of sums of gradients, which have no axis b. */
    private static long reduced(Partition partition) {
        return partition.collectives().stream()
                .filter(s -> s.operation() instanceof Operation.Collective c
                        && c.exchange() != Operation.Exchange.ALL_GATHER
                        && s.result().axes().stream().noneMatch(axis -> axis.base().equals("b"))
                        && !s.result().axes().isEmpty())
                .mapToLong(partition::bytes).sum();
    }

    private static Partition partition(Step step, String mesh, String preset) {
        Set<Value> states = new HashSet<>(step.program.program().states());
        step.model.parameters().stream().map(Parameter::value).forEach(states::remove);
        return Partition.of(step.program.program(), Context.of(step.program.sizes()),
                Splitting.of(Mesh.of(mesh), List.of(), List.of(Preset.of(preset))), states);
    }

    private static Map<String, INDArray> lockstep(Step step, Partition partition) {
        Map<String, INDArray> found = new HashMap<>();
        new Lockstep(partition, step.given()).run().forEach((value, array) -> found.put(
                value.equals(step.program.loss())
                        ? "loss"
                        : value.equals(step.program.gradientNorm()) ? "norm" : value.name(),
                array));
        return found;
    }

    /** Whole numbers, of which a sum is exact in any order. */
    @Test
    void sumsOfWholeNumbersAreEqualExactly() {
        double[] once = square(1);
        assertThat(square(2)).isEqualTo(once);
        assertThat(square(8)).isEqualTo(once);
    }

    /** Loss and parameters after a step of gradient descent on the mean of (w[token] - target)^2. */
    private static double[] square(int parts) {
        ProgramBuilder builder = new ProgramBuilder();
        Value tokens = builder.input("tokens", "b l");
        Value targets = builder.input("targets", "b l");
        Value table = builder.state("w", "v");
        Value taken = builder.take(table, tokens, new Axis("v"));
        Value off = builder.map(Pointwise.operand(0).minus(Pointwise.operand(1)), taken, targets);
        Value loss = builder.reduce(Reduction.MEAN, builder.multiply(off, off), List.of());
        builder.output(loss);
        Program program = builder.build();
        Model model = new Model(program, Sizes.of(Map.of("b", BATCH / parts, "l", 4, "v", 5)), tokens, targets,
                Optional.empty(), loss, loss, List.of(new Parameter(table, Initialiser.ones(), false)));
        TrainingProgram step = TrainingProgram.of(model, new Sgd(0, false, 0, Double.POSITIVE_INFINITY), parts);
        Map<Value, INDArray> given = new HashMap<>();
        given.put(step.tokens(), numbers(5));
        given.put(step.targets(), numbers(3));
        given.put(step.learningRate(), Nd4j.scalar(0.5));
        given.put(step.step(), Nd4j.scalar(1.0));
        step.program().states().forEach(state -> given.put(state, Nd4j.create(new double[]{3, -2, 1, 0, 7})));
        Interpreter.Run run = Interpreter.run(step.program(), step.sizes(), given);
        double[] found = new double[6];
        found[0] = Objects.requireNonNull(run.values().get(step.loss())).getDouble(0);
        INDArray after = Objects.requireNonNull(run.states().get(table));
        for (int i = 0; i < 5; i++) {
            found[i + 1] = after.getDouble(i);
        }
        return found;
    }

    private static INDArray numbers(int below) {
        INDArray array = Nd4j.create(DataType.DOUBLE, BATCH, 4);
        for (int i = 0; i < array.length(); i++) {
            array.putScalar(i, i * i * 7 % below);
        }
        return array;
    }
}
