package org.einscale.einsum.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** Writes a {@link Program} line by line. A method names an operation, appends its statement and returns the result. */
public final class ProgramBuilder {
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> states = new ArrayList<>();
    private final List<Statement> statements = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final SequencedMap<Value, Value> updates = new LinkedHashMap<>();
    private int values;

    public ProgramBuilder() {
    }

    /** Continues a program: its values keep their identity. */
    public ProgramBuilder(Program program) {
        inputs.addAll(program.inputs());
        states.addAll(program.states());
        statements.addAll(program.statements());
        outputs.addAll(program.outputs());
        updates.putAll(program.updates());
        values = program.values().stream().mapToInt(Value::id).max().orElse(-1) + 1;
    }

    /** Begins a program whose new values are none of another's, of which it may {@linkplain #keep keep} inputs and states. */
    public static ProgramBuilder beside(Program program) {
        ProgramBuilder builder = new ProgramBuilder();
        builder.values = program.values().stream().mapToInt(Value::id).max().orElse(-1) + 1;
        return builder;
    }

    /** An input of the program beside which this one is written. */
    public void keepInput(Value input) {
        inputs.add(input);
    }

    /** A state of the program beside which this one is written. */
    public void keepState(Value state) {
        states.add(state);
    }

    /** A value that the caller sets before every run. */
    public Value input(String name, String axes) {
        return add(inputs, name, axes);
    }

    /** A value that keeps its content from run to run. */
    public Value state(String name, String axes) {
        return add(states, name, axes);
    }

    /** A state with the axes of another value. */
    public Value stateLike(String name, Value value) {
        return state(name, value.axes());
    }

    /** A value that keeps its content from run to run. */
    public Value state(String name, List<Axis> axes) {
        Value value = new Value(values++, name, axes);
        states.add(value);
        return value;
    }

    /** A value that the caller sets before every run. */
    public Value input(String name, List<Axis> axes) {
        Value value = new Value(values++, name, axes);
        inputs.add(value);
        return value;
    }

    private Value add(List<Value> to, String name, String axes) {
        Value value = new Value(values++, name, axes(axes));
        to.add(value);
        return value;
    }

    /** Axes from their names separated by spaces; the empty string is a scalar. */
    public static List<Axis> axes(String text) {
        return text.isBlank() ? List.of() : Arrays.stream(text.strip().split("\\s+")).map(Axis::new).toList();
    }

    /** Makes the value readable after a run, under its own name. */
    public void output(Value value) {
        outputs.add(value);
    }

    /** Makes the value readable after a run, under another name. */
    public Value output(String name, Value value) {
        Value named = append(name, value.axes(), new Operation.Map(Pointwise.operand(0), List.of(value)));
        outputs.add(named);
        return named;
    }

    /** The state holds the value after every run. */
    public void update(Value state, Value value) {
        if (!state.axes().equals(value.axes())) {
            throw new ProgramError("state " + state + " cannot be updated with " + value + ": the axes differ");
        }
        updates.put(state, value);
    }

    /** The einsum of a string, either dialect. */
    public Value einsum(String equation, Value... operands) {
        return einsum(Equation.of(equation), List.of(operands));
    }

    /** As {@link #einsum(String, Equation, List)} with a name of its own. */
    public Value einsum(Equation equation, List<Value> operands) {
        return einsum("einsum", equation, operands);
    }

    /**
     * The einsum of an equation. Axes of the result are those of its output; an ellipsis stands for axes of the values and
     * keeps their names. A composed axis of an operand is split first. One of the output is merged last, under the name of
     * the operand's axis that had the same parts, else under the parts' names in one: {@code (h k)} becomes {@code h_k}.
     *
     * @param name
     *            of the result
     * @throws EquationError
     *             if the equation has what values do not (the axis 1, brackets, a diagonal write), or a composed axis or
     *             ellipsis does not fit the operands
     * @throws ProgramError
     *             if an operand does not fit a term of names alone
     */
    public Value einsum(String name, Equation equation, List<Value> operands) {
        return EinsumWriter.write(this, name, equation, operands);
    }

    /** The same with the result's axes named otherwise than the output, position by position. */
    public Value contract(List<Value> operands, List<List<Axis>> terms, List<Axis> output, List<Axis> result) {
        return append("einsum", result, new Operation.Contract(operands, terms, output));
    }

    /** An expression of operands; its axes are theirs, in order of first appearance, the operand with most axes first. */
    public Value map(Pointwise expression, Value... operands) {
        return map(expression, List.of(operands));
    }

    /** As {@link #map(Pointwise, Value...)}. */
    public Value map(Pointwise expression, List<Value> operands) {
        Set<Axis> axes = new LinkedHashSet<>();
        operands.stream().sorted(Comparator.comparingInt((Value v) -> -v.axes().size()))
                .forEach(v -> axes.addAll(v.axes()));
        return map(expression, operands, List.copyOf(axes));
    }

    /** An expression of operands on the given axes, which include all of theirs. */
    public Value map(Pointwise expression, List<Value> operands, List<Axis> axes) {
        for (Value operand : operands) {
            if (!axes.containsAll(operand.axes())) {
                throw new ProgramError(
                        "map: operand " + operand + " has axes that the result " + Value.text(axes) + " lacks");
            }
        }
        return append("map", axes, new Operation.Map(expression, operands));
    }

    public Value apply(Unary function, Value operand) {
        return map(Pointwise.apply(function, Pointwise.operand(0)), operand);
    }

    public Value combine(Binary function, Value left, Value right) {
        return map(Pointwise.combine(function, Pointwise.operand(0), Pointwise.operand(1)), left, right);
    }

    public Value add(Value left, Value right) {
        return combine(Binary.ADD, left, right);
    }

    public Value multiply(Value left, Value right) {
        return combine(Binary.MULTIPLY, left, right);
    }

    /** Combines along all axes but the given ones, which the result has in this order. */
    public Value reduce(Reduction reduction, Value operand, List<Axis> kept) {
        if (!operand.axes().containsAll(kept)) {
            throw new ProgramError("reduce: " + operand + " lacks some of the axes to keep " + Value.text(kept));
        }
        return append(reduction.name().toLowerCase(Locale.ROOT), kept,
                new Operation.Reduce(reduction, operand));
    }

    public Value softmax(Value operand, Axis axis) {
        return append("softmax", operand.axes(), new Operation.Softmax(operand, axis, Optional.empty()));
    }

    /** Causal softmax over key positions {@code axis} at query positions {@code query}. */
    public Value causalSoftmax(Value operand, Axis axis, Axis query) {
        return append("softmax", operand.axes(), new Operation.Softmax(operand, axis, Optional.of(query)));
    }

    public Value normalise(Norm norm, Value operand, Axis axis, double epsilon) {
        return append("normalise", operand.axes(), new Operation.Normalise(norm, operand, axis, epsilon));
    }

    /** Rows of the table: axes of the indices, then those of the table without {@code axis}. */
    public Value take(Value table, Value indices, Axis axis) {
        List<Axis> axes = new ArrayList<>(indices.axes());
        table.axes().stream().filter(a -> !a.equals(axis)).forEach(axes::add);
        return append("take", axes, new Operation.Take(table, indices, axis));
    }

    public Value crossEntropy(Value logits, Value targets, Axis axis) {
        List<Axis> axes = logits.axes().stream().filter(a -> !a.equals(axis)).toList();
        if (!axes.equals(targets.axes())) {
            throw new ProgramError("cross-entropy: targets " + targets + " must have the axes " + Value.text(axes)
                    + " of the logits without '" + axis.name() + "'");
        }
        return append("cross_entropy", axes, new Operation.CrossEntropy(logits, targets, axis));
    }

    public Value split(Value operand, Axis axis, List<Axis> parts) {
        return append("split", replace(operand.axes(), List.of(axis), parts),
                new Operation.Split(operand, axis, parts));
    }

    public Value merge(Value operand, List<Axis> parts, Axis axis) {
        return append("merge", replace(operand.axes(), parts, List.of(axis)),
                new Operation.Merge(operand, parts, axis));
    }

    public Value slice(Value operand, Axis axis, List<Axis> parts, int part) {
        return append("slice", replace(operand.axes(), List.of(axis), List.of(parts.get(part))),
                new Operation.Slice(operand, axis, parts, part));
    }

    public Value concatenate(List<Value> operands, Axis axis, List<Axis> parts, List<Integer> at) {
        if (operands.isEmpty()) {
            throw new ProgramError("concatenate: no operands");
        }
        List<Axis> axes = replace(operands.getFirst().axes(), List.of(parts.get(at.getFirst())), List.of(axis));
        for (int i = 0; i < operands.size(); i++) {
            if (!replace(operands.get(i).axes(), List.of(parts.get(at.get(i))), List.of(axis)).equals(axes)) {
                throw new ProgramError("concatenate: operand " + operands.get(i) + " differs from " + Value.text(axes)
                        + " in more than the axis '" + axis.name() + "'");
            }
        }
        return append("concatenate", axes, new Operation.Concatenate(operands, axis, parts, at));
    }

    /** Positions along an axis: 0, 1, 2, ... */
    public Value iota(Axis axis) {
        return append("iota", List.of(axis), new Operation.Iota());
    }

    /** Draws that are 1 with probability {@code keep}, else 0; see {@link Operation.Bernoulli}. */
    public Value bernoulli(double keep, long seed, String name, Value step, List<Axis> axes) {
        return append(name, axes, new Operation.Bernoulli(keep, seed, name, step, Optional.empty()));
    }

    /** Any operation, for passes. */
    public Value append(String name, List<Axis> axes, Operation operation) {
        Value result = new Value(values++, name, axes);
        statements.add(new Statement(result, operation));
        return result;
    }

    /** Number of statements so far. */
    public int size() {
        return statements.size();
    }

    /** Statements from a number on. */
    public List<Statement> since(int number) {
        return List.copyOf(statements.subList(number, statements.size()));
    }

    /** The statement appended last. */
    public Statement last() {
        return statements.getLast();
    }

    private static List<Axis> replace(List<Axis> axes, List<Axis> what, List<Axis> with) {
        int at = Collections.indexOfSubList(axes, what);
        if (at < 0) {
            throw new ProgramError("axes " + Value.text(what) + " do not stand in " + Value.text(axes));
        }
        List<Axis> replaced = new ArrayList<>(axes.subList(0, at));
        replaced.addAll(with);
        replaced.addAll(axes.subList(at + what.size(), axes.size()));
        return replaced;
    }

    public Program build() {
        return new Program(inputs, states, statements, outputs, updates);
    }
}
