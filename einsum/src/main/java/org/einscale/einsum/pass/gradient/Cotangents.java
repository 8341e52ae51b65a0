package org.einscale.einsum.pass.gradient;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.einscale.einsum.program.AxisRoles;
import org.einscale.einsum.program.AxisRoles.Role;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** Cotangents of a program's values, made from those of its results backwards. */
final class Cotangents {
    private final Program program;
    private final ProgramBuilder builder;
    private final Map<Value, Value> cotangents = new HashMap<>();
    private final Map<Value, Value> through = new HashMap<>();
    private final Set<Value> active;

    Cotangents(Program program, ProgramBuilder builder, List<Value> withRespectTo) {
        this.program = program;
        this.builder = builder;
        this.active = dependents(program, withRespectTo);
    }

    private static Set<Value> dependents(Program program, List<Value> roots) {
        Set<Value> active = new HashSet<>(roots);
        for (Statement statement : program.statements()) {
            if (!Collections.disjoint(active, statement.operation().operands())) {
                active.add(statement.result());
            }
        }
        return active;
    }

    /** Gradients with respect to the values, given the cotangent of a result. */
    Map<Value, Value> of(Value result, Value cotangent, List<Value> withRespectTo) {
        cotangents.put(result, cotangent);
        for (Statement statement : program.statements().reversed()) {
            Value dy = cotangents.get(statement.result());
            if (dy != null) {
                int before = builder.size();
                propagate(statement, dy);
                builder.since(before).forEach(made -> through.put(made.result(), statement.result()));
            }
        }
        Map<Value, Value> gradients = new LinkedHashMap<>();
        for (Value value : withRespectTo) {
            Value gradient = cotangents.get(value);
            gradients.put(value, gradient != null ? gradient : map(value, Pointwise.ZERO, List.of()));
        }
        return gradients;
    }

    /** For each value that was made, the result of the statement whose operands' cotangents it is for. */
    Map<Value, Value> through() {
        return Collections.unmodifiableMap(through);
    }

    private void propagate(Statement statement, Value dy) {
        Value y = statement.result();
        switch (statement.operation()) {
            case Operation.Contract contract -> contract(contract, dy);
            case Operation.Map map -> map(map, y, dy);
            case Operation.Reduce reduce -> contribute(reduce.operand(), () -> reduce(reduce, y, dy));
            case Operation.Softmax s -> contribute(s.operand(),
                    () -> append(s.operand(), new Operation.SoftmaxGradient(y, dy, s.axis(), s.query())));
            case Operation.Normalise n -> contribute(n.operand(),
                    () -> append(n.operand(),
                            new Operation.NormaliseGradient(n.norm(), n.operand(), dy, n.axis(), n.epsilon())));
            case Operation.Take take -> contribute(take.table(),
                    () -> append(take.table(), new Operation.TakeGradient(take.indices(), dy, take.axis())));
            case Operation.CrossEntropy c ->
                contribute(c.logits(), () -> append(c.logits(),
                        new Operation.CrossEntropyGradient(c.logits(), c.targets(), dy, c.axis())));
            case Operation.Split split ->
                contribute(split.operand(),
                        () -> append(split.operand(), new Operation.Merge(dy, split.parts(), split.axis())));
            case Operation.Merge merge ->
                contribute(merge.operand(),
                        () -> append(merge.operand(), new Operation.Split(dy, merge.axis(), merge.parts())));
            case Operation.Slice s ->
                contribute(s.operand(), () -> append(s.operand(),
                        new Operation.Concatenate(List.of(dy), s.axis(), s.parts(), List.of(s.part()))));
            case Operation.Concatenate c -> {
                for (int i = 0; i < c.operands().size(); i++) {
                    int part = c.at().get(i);
                    Value operand = c.operands().get(i);
                    contribute(operand, () -> append(operand, new Operation.Slice(dy, c.axis(), c.parts(), part)));
                }
            }
            case Operation.Collective c -> {
                if (c.reduction() != Operation.Reduction.SUM) {
                    throw new ProgramError("only collectives that move or sum have a gradient: " + statement);
                }
                contribute(c.operand(), () -> append(c.operand(),
                        new Operation.Collective(c.exchange().transposed(), c.reduction(), dy, c.over())));
            }
            case Operation.Shard _,Operation.Send _,Operation.Receive _ -> throw new ProgramError(
                    "the gradient of a program is taken before it is split over devices: " + statement);
            case Operation.Iota _,Operation.Bernoulli _ -> {
            }
            case Operation.Accumulate _ -> throw new ProgramError(
                    "the gradient of a program is taken before sums are made in place: " + statement);
            case Operation.ProductGradient _,Operation.SoftmaxGradient _,Operation.NormaliseGradient _,Operation.TakeGradient _,Operation.CrossEntropyGradient _ ->
                throw new ProgramError("second derivatives are not supported: " + statement);
        }
    }

    /** A cotangent of a value, or a part of it, which is named after the value. */
    private Value append(Value of, Operation operation) {
        return builder.append("d_" + of.name(), of.axes(), operation);
    }

    private Value map(Value of, Pointwise expression, List<Value> operands) {
        return append(of, new Operation.Map(expression, operands));
    }

    /** Adds to the cotangent of a value, if the value is on the way to one asked for. */
    private void contribute(Value to, Supplier<Value> cotangent) {
        if (active.contains(to)) {
            Value addend = cotangent.get();
            cotangents.merge(to, addend, (sum, next) -> map(to, Pointwise.operand(0).plus(Pointwise.operand(1)),
                    List.of(sum, next)));
        }
    }

    /** The cotangent of one factor is the contraction of the result's cotangent with the other factors. */
    private void contract(Operation.Contract c, Value dy) {
        if (c.semiring() != Semiring.SUM_PRODUCT) {
            throw new ProgramError("einsum over the semiring " + c.semiring().name() + " has no gradient; expected "
                    + Semiring.SUM_PRODUCT.name());
        }
        for (int i = 0; i < c.operands().size(); i++) {
            int factor = i;
            contribute(c.operands().get(i), () -> factor(c, factor, dy));
        }
    }

    private Value factor(Operation.Contract c, int factor, Value dy) {
        List<Value> operands = new ArrayList<>(List.of(dy));
        List<List<Axis>> terms = new ArrayList<>(List.of(c.output()));
        AxisRoles roles = c.roles();
        for (int i = 0; i < c.operands().size(); i++) {
            if (i != factor) {
                operands.add(c.operands().get(i));
                terms.add(c.terms().get(i));
            }
        }
        Value operand = c.operands().get(factor);
        List<Axis> term = c.terms().get(factor);
        List<Axis> output = new ArrayList<>();
        List<Axis> result = new ArrayList<>();
        for (int i = 0; i < term.size(); i++) {
            if (roles.of(term.get(i)) != Role.SUMMED && term.indexOf(term.get(i)) == i) {
                output.add(term.get(i));
                result.add(operand.axes().get(i));
            }
        }
        Value core = builder.append("d_" + operand.name(), result, new Operation.Contract(operands, terms, output));
        return result.size() == operand.axes().size() ? core : spread(core, operand, term);
    }

    /** Repeats a cotangent over the axes that were summed within one operand, and puts it on the diagonal of axes that its term repeats. */
    private Value spread(Value core, Value operand, List<Axis> term) {
        Pointwise expression = Pointwise.operand(0);
        List<Value> operands = new ArrayList<>(List.of(core));
        for (int i = 0; i < term.size(); i++) {
            int first = term.indexOf(term.get(i));
            if (first < i) {
                operands.add(builder.iota(operand.axes().get(first)));
                operands.add(builder.iota(operand.axes().get(i)));
                int n = operands.size();
                expression = Pointwise.combine(Binary.EQUAL, Pointwise.operand(n - 2), Pointwise.operand(n - 1))
                        .weigh(expression);
            }
        }
        return map(operand, expression, operands);
    }

    private void map(Operation.Map map, Value y, Value dy) {
        for (int i = 0; i < map.operands().size(); i++) {
            Value operand = map.operands().get(i);
            Pointwise derivative = Derivative.of(map.expression(), i);
            if (!derivative.equals(Pointwise.ZERO)) {
                contribute(operand, () -> chain(map, operand, derivative, y, dy));
            }
        }
    }

    /** The cotangent times the derivative, summed over the axes along which the operand was repeated. */
    private Value chain(Operation.Map map, Value operand, Pointwise derivative, Value y, Value dy) {
        if (derivative.equals(Pointwise.ONE) && operand.axes().equals(y.axes())) {
            return dy;
        }
        boolean repeated = operand.axes().size() < y.axes().size();
        List<Value> operands = new ArrayList<>(map.operands());
        operands.add(dy);
        if (repeated && (derivative.equals(Pointwise.ONE) || derivative instanceof Pointwise.Operand)) {
            List<Value> factors = derivative instanceof Pointwise.Operand(int index)
                    ? List.of(dy, map.operands().get(index))
                    : List.of(dy);
            return append(operand,
                    new Operation.Contract(factors, factors.stream().map(Value::axes).toList(), operand.axes()));
        }
        Pointwise product = Derivative.times(Pointwise.operand(operands.size() - 1), derivative);
        Value full = compact("d_" + operand.name(), product, operands, repeated ? y.axes() : operand.axes());
        return repeated ? append(operand, new Operation.Reduce(Reduction.SUM, full)) : full;
    }

    /** A map without the operands that its expression does not use. */
    private Value compact(String name, Pointwise expression, List<Value> operands, List<Axis> axes) {
        List<Value> used = new ArrayList<>();
        int[] position = new int[operands.size()];
        for (int i = 0; i < operands.size(); i++) {
            if (expression.uses(i)) {
                position[i] = used.size();
                used.add(operands.get(i));
            }
        }
        return builder.append(name, axes,
                new Operation.Map(expression.substitute(i -> Pointwise.operand(position[i])), used));
    }

    private Value reduce(Operation.Reduce reduce, Value y, Value dy) {
        Value x = reduce.operand();
        List<Axis> reduced = x.axes().stream().filter(a -> !y.axes().contains(a)).toList();
        return switch (reduce.reduction()) {
            case PROD -> append(x, new Operation.ProductGradient(x, dy));
            case LOG_SUM_EXP -> share(x, y.axes(), dy);
            case SUM -> map(x, Pointwise.operand(0), List.of(dy));
            case MEAN -> map(x, Pointwise.operand(0).over(new Pointwise.Volume(reduced)), List.of(dy));
            case MAX, MIN -> {
                Pointwise isExtreme = Pointwise.combine(Binary.EQUAL, Pointwise.operand(0), Pointwise.operand(1));
                Value extreme = builder.map(isExtreme, List.of(x, y), x.axes());
                Value ties = builder.reduce(Reduction.SUM, extreme, y.axes());
                Pointwise share = Pointwise.operand(0).weigh(Pointwise.operand(1)).over(Pointwise.operand(2));
                yield map(x, share, List.of(dy, extreme, ties));
            }
        };
    }

    /**
     * The cotangent times the softmax of x: exp(x - max) over the sum of these, which does not lose what a log-sum-exp too large for
     * its fraction does. Infinite numbers share alone, and minus infinities among themselves have no slope.
     */
    private Value share(Value x, List<Axis> kept, Value dy) {
        Value max = builder.reduce(Reduction.MAX, x, kept);
        Pointwise isMax = Pointwise.combine(Binary.EQUAL, Pointwise.operand(0), Pointwise.operand(1));
        Pointwise power = Pointwise.apply(Unary.EXP, Pointwise.operand(0).minus(Pointwise.operand(1)));
        Value weight = builder.map(Pointwise.ONE.minus(isMax).weigh(power).plus(isMax), List.of(x, max), x.axes());
        Value total = builder.reduce(Reduction.SUM, weight, kept);
        Pointwise isNothing = Pointwise.combine(Binary.EQUAL, Pointwise.operand(3),
                Pointwise.constant(Double.NEGATIVE_INFINITY));
        Pointwise share = Pointwise.operand(0).times(Pointwise.operand(1)).over(Pointwise.operand(2));
        return map(x, Pointwise.ONE.minus(isNothing).weigh(share), List.of(dy, weight, total, max));
    }
}
