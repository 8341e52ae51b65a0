package org.einscale.einsum.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Positions;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.random.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a program one statement at a time in float64, by the definition of each operation: slow, obvious, and the oracle of
 * everything that is fast. Every value gets an array of its own; none of the arrays given is modified.
 */
public final class Interpreter {

    /**
     * What a run computed.
     *
     * @param values
     *            every value of the program; a state as it was before its update
     * @param states
     *            every state as it is after the run
     */
    public record Run(Map<Value, INDArray> values, Map<Value, INDArray> states) {}

    private final Sizes sizes;
    private final Map<Value, INDArray> values = new HashMap<>();

    /**
     * One device that runs statements as it is told to.
     *
     * @param sizes
     *            of all axes of the program
     */
    public Interpreter(Sizes sizes) {
        this.sizes = sizes;
    }

    /**
     * Runs a program once.
     *
     * @param sizes
     *            of the axes; may leave out those that {@link SizeInference} finds
     * @param given
     *            an array for every input and every state
     * @throws ProgramError
     *             if the sizes contradict one another or are not enough, or an array is missing or has another shape
     * @throws IllegalArgumentException
     *             if an index or a target is not a whole number within its axis
     */
    public static Run run(Program program, Sizes sizes, Map<Value, INDArray> given) {
        Interpreter interpreter = new Interpreter(SizeInference.infer(program, sizes));
        program.inputs().forEach(input -> interpreter.give(input, given));
        program.states().forEach(state -> interpreter.give(state, given));
        program.statements().forEach(interpreter::run);
        Map<Value, INDArray> states = new LinkedHashMap<>();
        program.states()
                .forEach(state -> states.put(state, interpreter.value(program.updates().getOrDefault(state, state))));
        return new Run(Map.copyOf(interpreter.values), states);
    }

    private void give(Value value, Map<Value, INDArray> given) {
        INDArray array = given.get(value);
        if (array == null) {
            throw new ProgramError("no array was given for " + value);
        }
        give(value, array);
    }

    /**
     * Sets a value.
     *
     * @throws ProgramError
     *             if the array has another shape
     */
    public void give(Value value, INDArray array) {
        if (!Arrays.equals(array.shape(), shape(value))) {
            throw new ProgramError(
                    "the array given for " + value + " has shape " + Arrays.toString(array.shape()) + "; expected "
                            + Arrays.toString(shape(value)));
        }
        values.put(value, Layout.copy(array));
    }

    private long[] shape(Value value) {
        return value.axes().stream().mapToLong(sizes::of).toArray();
    }

    /**
     * A value that was given or made.
     *
     * @throws ProgramError
     *             if it was neither
     */
    public INDArray value(Value value) {
        INDArray array = values.get(value);
        if (array == null) {
            throw new ProgramError(value + " is read before it is made");
        }
        return array;
    }

    /** Makes the result of a statement whose operands are there. */
    public void run(Statement statement) {
        values.put(statement.result(), compute(statement.operation(), statement.result(), shape(statement.result())));
    }

    private INDArray compute(Operation operation, Value result, long[] shape) {
        return switch (operation) {
            case Operation.Contract c ->
                SumOfProducts.of(c.operands().stream().map(this::value).toList(), c.terms(), c.output(), c.semiring());
            case Operation.Accumulate accumulate ->
                compute(accumulate.addend(), result, shape).add(value(accumulate.total()));
            case Operation.Map map -> Elementwise.map(map.expression(), map.operands().stream()
                    .map(operand -> Layout.repeat(value(operand), operand.axes(), result.axes(), shape)).toList(),
                    sizes, shape);
            case Operation.Reduce r ->
                Elementwise.reduce(r.reduction(), value(r.operand()), r.operand().axes(), result.axes(), shape);
            case Operation.ProductGradient p ->
                Product.gradient(value(p.x()), value(p.dy()), p.x().axes(), p.dy().axes());
            case Operation.Softmax s -> Softmax.of(value(s.operand()), result.axes(), s.axis(), s.query());
            case Operation.SoftmaxGradient s ->
                Softmax.gradient(value(s.y()), like(s.dy(), s.y()), result.axes(), s.axis());
            case Operation.Normalise n ->
                Normalisation.of(n.norm(), value(n.operand()), result.axes(), n.axis(), n.epsilon());
            case Operation.NormaliseGradient n ->
                Normalisation.gradient(n.norm(), value(n.x()), like(n.dy(), n.x()), result.axes(), n.axis(),
                        n.epsilon());
            case Operation.Take t ->
                Lookup.take(value(t.table()), t.table().axes(), value(t.indices()), t.axis(), shape);
            case Operation.TakeGradient t ->
                Lookup.gradient(value(t.indices()), value(t.dy()), result.axes(), t.axis(), shape);
            case Operation.CrossEntropy c ->
                Softmax.crossEntropy(value(c.logits()), value(c.targets()), c.logits().axes(), c.axis());
            case Operation.CrossEntropyGradient c ->
                Softmax.crossEntropyGradient(value(c.logits()), value(c.targets()), value(c.dy()), c.logits().axes(),
                        c.axis());
            case Operation.Split split -> Layout.reshape(value(split.operand()), shape);
            case Operation.Merge merge -> Layout.reshape(value(merge.operand()), shape);
            case Operation.Slice s ->
                Parts.slice(value(s.operand()), s.operand().axes().indexOf(s.axis()), offset(s.parts(), s.part()),
                        shape);
            case Operation.Concatenate c -> concatenate(c, result, shape);
            case Operation.Iota _ -> Elementwise.iota(sizes.start(result.axes().getFirst()), shape);
            case Operation.Bernoulli b ->
                Elementwise.bernoulli(b.keep(), Philox.of(b.seed(), b.name()), (long) value(b.step()).getDouble(0),
                        Positions.of(result.axes(), sizes, b.section()), shape);
            case Operation.Shard shard -> shard(shard.operand(), result.axes());
            case Operation.Collective _,Operation.Send _,Operation.Receive _ -> throw new ProgramError(
                    result + " is made by several devices together; here is one");
        };
    }

    private INDArray shard(Value operand, List<Axis> parts) {
        INDArray array = value(operand);
        for (int i = 0; i < parts.size(); i++) {
            long[] shape = array.shape().clone();
            shape[i] = sizes.of(parts.get(i));
            array = Parts.slice(array, i, sizes.start(parts.get(i)) - sizes.start(operand.axes().get(i)), shape);
        }
        return array;
    }

    /** A value with its axes in the order of another's. */
    private INDArray like(Value value, Value other) {
        return Layout.permute(value(value), value.axes(), other.axes());
    }

    /** Elements before a part along an axis made of parts. */
    private long offset(List<Axis> parts, int part) {
        return parts.subList(0, part).stream().mapToLong(sizes::of).sum();
    }

    private INDArray concatenate(Operation.Concatenate c, Value result, long[] shape) {
        int dimension = result.axes().indexOf(c.axis());
        List<INDArray> parts = new ArrayList<>();
        for (int part = 0; part < c.parts().size(); part++) {
            int operand = c.at().indexOf(part);
            long[] partShape = shape.clone();
            partShape[dimension] = sizes.of(c.parts().get(part));
            parts.add(operand < 0 ? Layout.filled(0, partShape) : value(c.operands().get(operand)));
        }
        return Parts.concatenate(parts, dimension, shape);
    }
}
