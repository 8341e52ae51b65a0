package org.einscale.sharding.partition;

import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pass;
import org.einscale.einsum.pass.Rewrite;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/**
 * Writes softmax, normalisation and cross-entropy along an axis that the rules split as reductions and maps, which devices
 * can share: of each row they then exchange a maximum and a sum, not the row.
 */
final class RowsApart implements Pass {
    private final Rules rules;

    RowsApart(Rules rules) {
        this.rules = rules;
    }

    @Override
    public String description() {
        return "writes what runs along a split axis as reductions and maps";
    }

    @Override
    public Program apply(Program program, Context context) {
        Sizes sizes = SizeInference.infer(program, context.sizes());
        Map<Row, Exponentials> known = new HashMap<>();
        return Rewrite.of(program, (statement, fresh) -> apart(statement, new Lines(statement, fresh), sizes, known));
    }

    private record Row(Value logits, Axis axis) {}

    /** Of a row: what is taken off before exp, and the sum of what comes out. */
    private record Exponentials(Value maximum, Value sum) {}

    private List<Statement> apart(Statement statement, Lines lines, Sizes sizes, Map<Row, Exponentials> known) {
        return switch (statement.operation()) {
            case Operation.Softmax s when splits(s.operand(), sizes, s.axis(), s.query()) -> softmax(s, lines);
            case Operation.SoftmaxGradient s when splits(s.y(), sizes, s.axis(), s.query()) ->
                softmaxGradient(s, lines);
            case Operation.Normalise n when splits(n.operand(), sizes, n.axis(), Optional.empty()) ->
                lines.end(operand(0).times(operand(1)), centred(n.norm(), n.operand(), n.axis(), lines),
                        scale(n.norm(), n.operand(), n.axis(), n.epsilon(), lines));
            case Operation.NormaliseGradient n when splits(n.x(), sizes, n.axis(), Optional.empty()) ->
                normaliseGradient(n, lines);
            case Operation.CrossEntropy c when splits(c.logits(), sizes, c.axis(), Optional.empty()) ->
                crossEntropy(c, lines, known);
            case Operation.CrossEntropyGradient c when splits(c.logits(), sizes, c.axis(), Optional.empty()) ->
                crossEntropyGradient(c, lines, known);
            default -> List.of(statement);
        };
    }

    private boolean splits(Value value, Sizes sizes, Axis axis, Optional<Axis> query) {
        Sharding wanted = rules.of(value, sizes);
        return Stream.concat(Stream.of(axis), query.stream())
                .anyMatch(a -> !wanted.split().get(value.axes().indexOf(a)).isEmpty());
    }

    private static List<Statement> softmax(Operation.Softmax s, Lines lines) {
        Value x = s.query().map(query -> masked(s.operand(), s.axis(), query, lines)).orElse(s.operand());
        Exponentials row = exponentials(x, s.axis(), lines);
        Pointwise power = Pointwise.apply(Unary.EXP, operand(0).minus(operand(1)));
        return lines.end(power.weigh(Pointwise.apply(Unary.RECIPROCAL, operand(2))), x, row.maximum(), row.sum());
    }

    /** Minus infinity where the query comes before the key. */
    private static Value masked(Value x, Axis key, Axis query, Lines lines) {
        Value keys = lines.add("key", List.of(key), new Operation.Iota());
        Value queries = lines.add("query", List.of(query), new Operation.Iota());
        Pointwise last = operand(2).plus(new Pointwise.Volume(List.of(key)))
                .minus(new Pointwise.Volume(List.of(query)));
        Pointwise seen = combine(Binary.GREATER_EQUAL, last, operand(1));
        return lines.map("masked", x.axes(), operand(0).plus(Pointwise.apply(Unary.LOG, seen)), x, keys, queries);
    }

    private static Exponentials exponentials(Value x, Axis axis, Lines lines) {
        List<Axis> rows = without(x.axes(), axis);
        Value largest = lines.reduce(Reduction.MAX, x, rows);
        Value maximum = lines.map("max", rows, combine(Binary.MAXIMUM, operand(0), constant(-Float.MAX_VALUE)),
                largest);
        Value powers = lines.map("exp", x.axes(), Pointwise.apply(Unary.EXP, operand(0).minus(operand(1))), x, maximum);
        return new Exponentials(maximum, lines.reduce(Reduction.SUM, powers, rows));
    }

    private static List<Statement> softmaxGradient(Operation.SoftmaxGradient s, Lines lines) {
        Value product = lines.map("product", s.y().axes(), operand(0).times(operand(1)), s.y(), s.dy());
        Value dot = lines.reduce(Reduction.SUM, product, without(s.y().axes(), s.axis()));
        return lines.end(operand(0).times(operand(1).minus(operand(2))), s.y(), s.dy(), dot);
    }

    private static Value mean(String name, Pointwise of, Axis axis, Lines lines, Value first, Value... rest) {
        List<Value> operands = Stream.concat(Stream.of(first), Stream.of(rest)).toList();
        Value each = lines.map(name, first.axes(), of, operands.toArray(Value[]::new));
        List<Axis> rows = without(first.axes(), axis);
        Value sum = lines.reduce(Reduction.SUM, each, rows);
        return lines.map("mean", rows, operand(0).over(new Pointwise.Volume(List.of(axis))), sum);
    }

    /** Without its mean, for a layer norm. */
    private static Value centred(Norm norm, Value x, Axis axis, Lines lines) {
        return norm == Norm.RMS
                ? x
                : lines.map("centred", x.axes(), operand(0).minus(operand(1)), x,
                        mean("x", operand(0), axis, lines, x));
    }

    /** One over the root of the mean square. */
    private static Value scale(Norm norm, Value x, Axis axis, double epsilon, Lines lines) {
        Value centred = centred(norm, x, axis, lines);
        Value square = mean("square", operand(0).times(operand(0)), axis, lines, centred);
        return lines.map("scale", square.axes(),
                Pointwise.apply(Unary.RECIPROCAL_SQRT, operand(0).plus(constant(epsilon))), square);
    }

    private static List<Statement> normaliseGradient(Operation.NormaliseGradient n, Lines lines) {
        Value centred = centred(n.norm(), n.x(), n.axis(), lines);
        Value scale = scale(n.norm(), n.x(), n.axis(), n.epsilon(), lines);
        Value y = lines.map("y", n.x().axes(), operand(0).times(operand(1)), centred, scale);
        Value along = mean("along", operand(0).times(operand(1)), n.axis(), lines, y, n.dy());
        if (n.norm() == Norm.RMS) {
            return lines.end(operand(0).times(operand(1).minus(operand(2).times(operand(3)))), scale, n.dy(), y, along);
        }
        Value mean = mean("dy", operand(0), n.axis(), lines, n.dy());
        return lines.end(operand(0).times(operand(1).minus(operand(4)).minus(operand(2).times(operand(3)))), scale,
                n.dy(), y, along, mean);
    }

    private static List<Statement> crossEntropy(Operation.CrossEntropy c, Lines lines, Map<Row, Exponentials> known) {
        Exponentials row = exponentials(c.logits(), c.axis(), lines);
        known.put(new Row(c.logits(), c.axis()), row);
        Value numbers = lines.add("class", List.of(c.axis()), new Operation.Iota());
        Value right = lines.map("right", c.logits().axes(),
                operand(0).weigh(combine(Binary.EQUAL, operand(1), operand(2))), c.logits(), numbers, c.targets());
        Value logit = lines.reduce(Reduction.SUM, right, without(c.logits().axes(), c.axis()));
        return lines.end(Pointwise.apply(Unary.LOG, operand(0)).plus(operand(1).minus(operand(2))), row.sum(),
                row.maximum(),
                logit);
    }

    private static List<Statement> crossEntropyGradient(Operation.CrossEntropyGradient c, Lines lines,
            Map<Row, Exponentials> known) {
        Exponentials row = known.computeIfAbsent(new Row(c.logits(), c.axis()),
                _ -> exponentials(c.logits(), c.axis(), lines));
        Value numbers = lines.add("class", List.of(c.axis()), new Operation.Iota());
        Pointwise share = Pointwise.apply(Unary.EXP, operand(0).minus(operand(1))).over(operand(2));
        return lines.end(share.minus(combine(Binary.EQUAL, operand(3), operand(4))).times(operand(5)), c.logits(),
                row.maximum(), row.sum(), numbers, c.targets(), c.dy());
    }

    private static List<Axis> without(List<Axis> axes, Axis axis) {
        return axes.stream().filter(a -> !a.equals(axis)).toList();
    }

    /** Statements in the place of one. */
    private static final class Lines {
        private final Statement statement;
        private final Rewrite.Fresh fresh;
        private final List<Statement> lines = new ArrayList<>();

        Lines(Statement statement, Rewrite.Fresh fresh) {
            this.statement = statement;
            this.fresh = fresh;
        }

        Value add(String name, List<Axis> axes, Operation operation) {
            Value value = fresh.value(name, axes);
            lines.add(new Statement(value, operation));
            return value;
        }

        Value map(String name, List<Axis> axes, Pointwise expression, Value... operands) {
            return add(name, axes, new Operation.Map(expression, List.of(operands)));
        }

        Value reduce(Reduction reduction, Value x, List<Axis> kept) {
            return add(reduction == Reduction.MAX ? "max" : "sum", kept, new Operation.Reduce(reduction, x));
        }

        /** The last line, which has the result of the statement. */
        List<Statement> end(Pointwise expression, Value... operands) {
            lines.add(new Statement(statement.result(), new Operation.Map(expression, List.of(operands))));
            return lines;
        }
    }
}
