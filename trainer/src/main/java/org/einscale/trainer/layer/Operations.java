package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
import org.einscale.tensor.Nearest;

/** Operations of the layer language that are not pointwise: each appends a statement. */
record Operations(ProgramBuilder builder, Arguments arguments, String name) {
    private static final double EPSILON = 1e-5;

    Term term() {
        String function = arguments.call().function();
        return switch (function) {
            case "size" -> {
                arguments.require(1, 1);
                yield Term.of(new Pointwise.Volume(arguments.axes(0)));
            }
            case "einsum" -> Term.of(einsum());
            case "softmax" -> Term.of(softmax());
            case "causal_softmax" -> Term.of(causalSoftmax());
            case "take" -> Term.of(take());
            case "split" -> Term.of(split());
            case "merge" -> Term.of(merge());
            case "slice" -> Term.of(slice());
            case "concatenate" -> Term.of(concatenate());
            case "iota" -> Term.of(iota());
            default -> Term.of(normaliseOrReduce(function));
        };
    }

    private Value normaliseOrReduce(String function) {
        Norm norm = Functions.NORMS.get(function);
        if (norm != null) {
            arguments.require(2, 3);
            double epsilon = arguments.count() == 3 ? arguments.number(2) : EPSILON;
            Value operand = arguments.value(0);
            return builder.append(name, operand.axes(),
                    new Operation.Normalise(norm, operand, arguments.axis(1), epsilon));
        }
        arguments.require(2, 2);
        Value operand = arguments.value(0);
        List<Axis> reduced = arguments.axes(1);
        for (Axis axis : reduced) {
            requireAxis(operand, axis, function);
        }
        List<Axis> kept = operand.axes().stream().filter(axis -> !reduced.contains(axis)).toList();
        Reduction reduction = Objects.requireNonNull(Functions.REDUCTIONS.get(function));
        return builder.append(name, kept, new Operation.Reduce(reduction, operand));
    }

    private static void requireAxis(Value operand, Axis axis, String what) {
        if (!operand.axes().contains(axis)) {
            List<String> known = operand.axes().stream().map(Axis::name).toList();
            throw new IllegalArgumentException(
                    what + ": " + operand.name() + " " + Value.text(operand.axes()) + " has no axis '" + axis + "'"
                            + Nearest.to(axis.name(), known)
                                    .map(near -> "; did you mean '" + near + "'?").orElse(""));
        }
    }

    private Value einsum() {
        arguments.require(2, Integer.MAX_VALUE);
        Expression.Text text = arguments.text(0);
        try {
            Equation equation = Equation.words(text.text());
            List<Value> operands = arguments.values(1, arguments.count());
            return builder.einsum(name, equation, operands);
        } catch (EquationError e) {
            throw arguments.error(text.at() + e.position(), "einsum: " + e.problem());
        }
    }

    private Value softmax() {
        arguments.require(2, 2);
        Value operand = arguments.value(0);
        return builder.append(name, operand.axes(),
                new Operation.Softmax(operand, arguments.axis(1), Optional.empty()));
    }

    private Value causalSoftmax() {
        arguments.require(3, 3);
        Value operand = arguments.value(0);
        return builder.append(name, operand.axes(),
                new Operation.Softmax(operand, arguments.axis(1), Optional.of(arguments.axis(2))));
    }

    private Value take() {
        arguments.require(3, 3);
        return builder.take(arguments.value(0), arguments.value(1), arguments.axis(2));
    }

    private Value split() {
        arguments.require(2, 2);
        Arguments.Layout layout = arguments.layout(1);
        return builder.split(arguments.value(0), only(layout.left()), layout.right());
    }

    private Value merge() {
        arguments.require(2, 2);
        Arguments.Layout layout = arguments.layout(1);
        return builder.merge(arguments.value(0), layout.left(), only(layout.right()));
    }

    private Value slice() {
        arguments.require(3, 3);
        Arguments.Layout layout = arguments.layout(1);
        int part = arguments.whole(2);
        if (part < 0 || part >= layout.right().size()) {
            throw arguments.wrong(arguments.expression(2).at(),
                    "found part " + part + " of " + layout.right().size() + ", counted from 0");
        }
        return builder.slice(arguments.value(0), only(layout.left()), layout.right(), part);
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
        return builder.concatenate(arguments.values(0, parts), only(layout.left()), layout.right(), at);
    }

    private Value iota() {
        arguments.require(1, 1);
        return builder.iota(arguments.axis(0));
    }

    private Axis only(List<Axis> axes) {
        if (axes.size() != 1) {
            throw arguments.wrong(arguments.call().at(), "found " + axes.size() + " axes on the side of one");
        }
        return axes.getFirst();
    }
}
