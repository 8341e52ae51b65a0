package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/** Operations of the layer language that are not pointwise: each appends a statement. */
record Operations(ProgramBuilder builder, Arguments arguments, String name, AxisScope axes, AxisNames names,
        AttentionScales scales) {
    private static final double EPSILON = 1e-5;

    Pending term() {
        String function = arguments.call().function();
        return switch (function) {
            case "size" -> {
                arguments.require(1, 1);
                yield Pending.of(new Pointwise.Volume(arguments.axes(0).stream().map(axes::named).toList()));
            }
            case "attention_scale" -> {
                arguments.require(1, 1);
                yield Pending.of(scales.of(name, arguments.text(0).text(),
                        arguments.axes(0).stream().map(axes::named).toList()));
            }
            case "einsum" -> Pending.of(einsum(Equation::words));
            case "dot" -> Pending.of(einsum(Equation::dot));
            case "softmax" -> Pending.of(softmax());
            case "causal_softmax" -> Pending.of(causalSoftmax());
            case "take" -> Pending.of(take());
            case "split" -> Pending.of(split());
            case "merge" -> Pending.of(merge());
            case "slice" -> Pending.of(slice());
            case "concatenate" -> Pending.of(concatenate());
            case "iota" -> Pending.of(iota());
            default -> Pending.of(normaliseOrReduce(function));
        };
    }

    private Value normaliseOrReduce(String function) {
        Norm norm = Functions.NORMS.get(function);
        if (norm != null) {
            arguments.require(2, 3);
            double epsilon = arguments.count() == 3 ? arguments.number(2) : EPSILON;
            Value operand = arguments.value(0);
            return builder.append(name, operand.axes(),
                    new Operation.Normalise(norm, operand, among(operand, arguments.axis(1), 1), epsilon));
        }
        arguments.require(2, 2);
        Value operand = arguments.value(0);
        List<Axis> reduced = arguments.axes(1).stream().map(axis -> among(operand, axis, 1)).toList();
        for (Axis axis : reduced) {
            if (reduced.indexOf(axis) != reduced.lastIndexOf(axis)) {
                throw new IllegalArgumentException(
                        function + ": axis '" + names.name(axis) + "' stands twice; expected once");
            }
        }
        List<Axis> kept = operand.axes().stream().filter(axis -> !reduced.contains(axis)).toList();
        Reduction reduction = Objects.requireNonNull(Functions.REDUCTIONS.get(function));
        return builder.append(name, kept, new Operation.Reduce(reduction, operand));
    }

    /** The axis of the operand that layers call so, which an argument names. */
    private Axis among(Value operand, String axis, int argument) {
        return names.among(operand.axes(), axis).orElseThrow(() -> {
            List<String> known = operand.axes().stream().map(names::name).toList();
            return new IllegalArgumentException(arguments.call().function() + ": '" + operand.name() + "' "
                    + names.text(operand.axes()) + " has no axis '" + axis + "'"
                    + arguments.hint(argument, axis, known));
        });
    }

    private Value einsum(Function<String, Equation> reading) {
        arguments.require(2, Integer.MAX_VALUE);
        Expression.Text text = arguments.text(0);
        try {
            Equation equation = reading.apply(text.text());
            SummedAlone.of(equation).forEach(axis -> arguments.warn(text.at() + axis.position(), axis.problem()));
            return new LayerEinsum(builder, name, equation, arguments.values(1, arguments.count()), axes, names)
                    .write();
        } catch (EquationError e) {
            throw arguments.error(text.at() + e.position(), arguments.call().function() + ": " + e.problem());
        }
    }

    private Value softmax() {
        arguments.require(2, 2);
        Value operand = arguments.value(0);
        return builder.append(name, operand.axes(),
                new Operation.Softmax(operand, among(operand, arguments.axis(1), 1), Optional.empty()));
    }

    private Value causalSoftmax() {
        arguments.require(3, 3);
        Value operand = arguments.value(0);
        return builder.append(name, operand.axes(), new Operation.Softmax(operand, among(operand, arguments.axis(1), 1),
                Optional.of(among(operand, arguments.axis(2), 2))));
    }

    private Value take() {
        arguments.require(3, 3);
        Value table = arguments.value(0);
        return builder.take(table, arguments.value(1), among(table, arguments.axis(2), 2));
    }

    private Value split() {
        arguments.require(2, 2);
        Arguments.Layout layout = arguments.layout(1);
        Value operand = arguments.value(0);
        Axis whole = among(operand, only(layout.left()), 1);
        return builder.split(operand, whole, parts(whole, layout, true));
    }

    private Value merge() {
        arguments.require(2, 2);
        Arguments.Layout layout = arguments.layout(1);
        Value operand = arguments.value(0);
        List<Axis> parts = layout.left().stream().map(part -> among(operand, part, 1)).toList();
        OptionalInt size = parts.stream().allMatch(names.sizes()::has)
                ? OptionalInt.of(Math.toIntExact(names.sizes().volume(parts)))
                : OptionalInt.empty();
        return builder.merge(operand, parts, made(only(layout.right()), size));
    }

    private Value slice() {
        arguments.require(3, 3);
        Arguments.Layout layout = arguments.layout(1);
        int part = arguments.whole(2);
        if (part < 0 || part >= layout.right().size()) {
            throw arguments.wrong(arguments.expression(2).at(),
                    "found part " + part + " of " + layout.right().size() + ", counted from 0");
        }
        Value operand = arguments.value(0);
        Axis whole = among(operand, only(layout.left()), 1);
        return builder.slice(operand, whole, parts(whole, layout, false), part);
    }

    private List<Axis> parts(Axis whole, Arguments.Layout layout, boolean product) {
        try {
            return axes.parts(whole, layout.right(), product);
        } catch (IllegalArgumentException e) {
            throw arguments.error(arguments.text(1).at(), String.valueOf(e.getMessage()));
        }
    }

    private Value concatenate() {
        arguments.require(2, Integer.MAX_VALUE);
        int parts = arguments.count() - 1;
        Arguments.Layout layout = arguments.layout(parts);
        if (layout.right().size() != parts) {
            throw arguments.wrong(arguments.text(parts).at(),
                    "found " + parts + (parts == 1 ? " value" : " values") + " for "
                            + layout.right().size() + " parts");
        }
        List<Integer> at = new ArrayList<>(IntStream.range(0, parts).boxed().toList());
        List<Value> operands = arguments.values(0, parts);
        List<Axis> laid = at.stream().map(i -> among(operands.get(i), layout.right().get(i), parts)).toList();
        OptionalInt size = laid.stream().allMatch(names.sizes()::has)
                ? OptionalInt.of(laid.stream().mapToInt(names.sizes()::of).reduce(0, Math::addExact))
                : OptionalInt.empty();
        return builder.concatenate(operands, made(only(layout.left()), size), laid, at);
    }

    /** The axis of this name that the step makes, of a size if that is known. */
    private Axis made(String axis, OptionalInt size) {
        return size.isPresent() ? axes.made(axis, size.getAsInt()) : axes.named(axis);
    }

    private Value iota() {
        arguments.require(1, 1);
        return builder.iota(axes.named(arguments.axis(0)));
    }

    private String only(List<String> side) {
        if (side.size() != 1) {
            throw arguments.wrong(arguments.call().at(), "found " + side.size() + " axes on the side of one");
        }
        return side.getFirst();
    }
}
