package org.einscale.einsum.program;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;

/** Operations as the strings of a layer say them: {@code einsum('b l d, d f -> b l f', x#0, w#1)}. */
final class Notation {
    private Notation() {
    }

    /** An operation whose result has such axes. */
    static String of(Operation operation, List<Axis> result) {
        return switch (operation) {
            case Operation.Contract c ->
                "einsum('" + c.terms().stream().map(Notation::names).collect(Collectors.joining(", "))
                        + " -> " + names(c.output()) + "', " + arguments(c.operands()) + ")"
                        + (c.semiring() == Semiring.SUM_PRODUCT ? "" : " over " + c.semiring().name());
            case Operation.Accumulate(Value total, Operation addend) -> total.reference() + " + " + of(addend, result);
            case Operation.Map(Pointwise expression, List<Value> operands) ->
                text(expression, i -> operands.get(i).reference());
            case Operation.Reduce(Operation.Reduction reduction, Value x) ->
                call(reduction.name().toLowerCase(Locale.ROOT), List.of(x),
                        "'" + names(x.axes().stream().filter(axis -> !result.contains(axis)).toList()) + "'");
            case Operation.ProductGradient(Value x, Value dy) -> call("prod_gradient", List.of(x, dy));
            case Operation.Softmax(Value x, Axis axis, Optional<Axis> query) ->
                softmax("softmax", List.of(x), axis, query);
            case Operation.SoftmaxGradient(Value y, Value dy, Axis axis, Optional<Axis> query) ->
                softmax("softmax_gradient", List.of(y, dy), axis, query);
            case Operation.Normalise(Norm norm, Value x, Axis axis, double epsilon) ->
                call(name(norm), List.of(x), quoted(axis), Double.toString(epsilon));
            case Operation.NormaliseGradient(Norm norm, Value x, Value dy, Axis axis, double epsilon) ->
                call(name(norm) + "_gradient", List.of(x, dy), quoted(axis), Double.toString(epsilon));
            case Operation.Take(Value table, Value indices, Axis axis) ->
                call("take", List.of(table, indices), quoted(axis));
            case Operation.TakeGradient(Value indices, Value dy, Axis axis) ->
                call("take_gradient", List.of(indices, dy), quoted(axis));
            case Operation.CrossEntropy(Value logits, Value targets, Axis axis) ->
                call("cross_entropy", List.of(logits, targets), quoted(axis));
            case Operation.CrossEntropyGradient(Value logits, Value targets, Value dy, Axis axis) ->
                call("cross_entropy_gradient", List.of(logits, targets, dy), quoted(axis));
            case Operation.Split(Value x, Axis axis, List<Axis> parts) ->
                call("split", List.of(x), "'" + axis.name() + " = " + names(parts) + "'");
            case Operation.Merge(Value x, List<Axis> parts, Axis axis) ->
                call("merge", List.of(x), "'" + names(parts) + " = " + axis.name() + "'");
            case Operation.Slice(Value x, Axis axis, List<Axis> parts, int part) ->
                call("slice", List.of(x), sum(axis, parts), Integer.toString(part));
            case Operation.Concatenate(List<Value> operands, Axis axis, List<Axis> parts, List<Integer> at) ->
                call("concatenate", operands, sum(axis, parts), at.size() == parts.size() ? "" : "at " + at);
            case Operation.Shard(Value x) -> call("shard", List.of(x));
            case Operation.Collective(Operation.Exchange exchange, Operation.Reduction reduction, Value x, List<String> over) ->
                call(exchange.name().toLowerCase(Locale.ROOT), List.of(x), "'" + String.join(" ", over) + "'",
                        reduction == Operation.Reduction.SUM ? "" : reduction.name().toLowerCase(Locale.ROOT));
            case Operation.Send(Value x, int link) -> call("send", List.of(x), Integer.toString(link));
            case Operation.Receive(int link) -> call("receive", List.of(), Integer.toString(link));
            case Operation.Iota _ -> call("iota", List.of(), "'" + names(result) + "'");
            case Operation.Bernoulli(double keep, long seed, String name, Value step, Optional<Operation.Section> of) ->
                call("bernoulli", List.of(step), Double.toString(keep), Long.toString(seed), "'" + name + "'",
                        of.map(s -> "'" + s.axis().name() + "' " + s.number() + " of " + s.count()).orElse(""));
        };
    }

    private static String softmax(String name, List<Value> operands, Axis axis, Optional<Axis> query) {
        return query.map(q -> call("causal_" + name, operands, quoted(axis), quoted(q)))
                .orElseGet(() -> call(name, operands, quoted(axis)));
    }

    private static String name(Norm norm) {
        return norm == Norm.LAYER ? "layer_norm" : "rms_norm";
    }

    private static String call(String function, List<Value> operands, String... rest) {
        return Stream.concat(operands.stream().map(Value::reference), Stream.of(rest).filter(text -> !text.isEmpty()))
                .collect(Collectors.joining(", ", function + "(", ")"));
    }

    private static String arguments(List<Value> operands) {
        return operands.stream().map(Value::reference).collect(Collectors.joining(", "));
    }

    private static String names(List<Axis> axes) {
        return axes.stream().map(Axis::name).collect(Collectors.joining(" "));
    }

    private static String quoted(Axis axis) {
        return "'" + axis.name() + "'";
    }

    private static String sum(Axis axis, List<Axis> parts) {
        return "'" + axis.name() + " = " + parts.stream().map(Axis::name).collect(Collectors.joining(" + ")) + "'";
    }

    /** An expression over operands that go by names of their own. */
    static String text(Pointwise expression, Function<Integer, String> operand) {
        return switch (expression) {
            case Pointwise.Operand(int index) -> operand.apply(index);
            case Pointwise.Constant(double value) ->
                value == Math.rint(value) && Math.abs(value) < 1e15
                        ? Long.toString((long) value)
                        : Double.toString(value);
            case Pointwise.Volume(List<Axis> axes) -> "size('" + names(axes) + "')";
            case Pointwise.Start(Axis axis) -> "start(" + quoted(axis) + ")";
            case Pointwise.Apply apply -> apply.function().text() + "(" + text(apply.argument(), operand) + ")";
            case Pointwise.Combine combine ->
                text(combine, text(combine.left(), operand), text(combine.right(), operand));
        };
    }

    private static String text(Pointwise.Combine combine, String left, String right) {
        return switch (combine.function()) {
            case ADD -> left + " + " + right;
            case SUBTRACT -> left + " - " + factor(combine.right(), right);
            case MULTIPLY -> factor(combine.left(), left) + " * " + factor(combine.right(), right);
            case DIVIDE -> factor(combine.left(), left) + " / " + divisor(combine.right(), right);
            case MAXIMUM -> "max(" + left + ", " + right + ")";
            case MINIMUM -> "min(" + left + ", " + right + ")";
            default -> combine.function().name().toLowerCase(Locale.ROOT) + "(" + left + ", " + right + ")";
        };
    }

    /** In brackets if it is a sum. */
    private static String factor(Pointwise expression, String text) {
        return expression instanceof Pointwise.Combine(Binary f, _, _) && (f == Binary.ADD || f == Binary.SUBTRACT)
                ? "(" + text + ")"
                : text;
    }

    /** In brackets if it is a sum, a product or a fraction. */
    private static String divisor(Pointwise expression, String text) {
        return expression instanceof Pointwise.Combine(Binary f, _, _) && (f == Binary.MULTIPLY || f == Binary.DIVIDE)
                ? "(" + text + ")"
                : factor(expression, text);
    }
}
