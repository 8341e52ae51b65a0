package org.einscale.sharding.partition;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Unary;

/**
 * In which ways the devices of a mesh can share the work of one operation: along which of its axes, and what each then has of
 * the result. All rules of sharding about single operations are here.
 *
 * @param operands
 *            for each operand the operation's own name of every axis; one name stands for axes that must be split alike
 * @param output
 *            the same for the result
 * @param roles
 *            of names along which the work can be shared; along others every device needs everything
 * @param linear
 *            whether the sum of what the devices come to is the result, if these operands are addends of theirs, by
 *            position, and the rest is whole
 */
record Form(List<List<Axis>> operands, List<Axis> output, Map<Axis, Role> roles, Predicate<Set<Integer>> linear) {

    /** What sharing the work along an axis does to the result. */
    sealed interface Role {
        /** The result is split along the axis. */
        record Free() implements Role {}

        /** The same where every device must have equally many elements. */
        record Even() implements Role {}

        /** The result is an unfinished sum, product or extremum. */
        record Combined(Reduction reduction) implements Role {}
    }

    private static final Role FREE = new Role.Free();
    private static final Role EVEN = new Role.Even();
    private static final Role SUMMED = new Role.Combined(Reduction.SUM);

    /** All names, those of the result first. */
    Set<Axis> names() {
        Set<Axis> names = new LinkedHashSet<>(output);
        operands.forEach(names::addAll);
        return names;
    }

    /**
     * The form of a statement.
     *
     * @throws ProgramError
     *             if the statement belongs to a later stage of compilation than partitioning
     */
    static Form of(Statement statement) {
        List<Axis> result = statement.result().axes();
        return switch (statement.operation()) {
            case Operation.Contract contract -> contract(contract);
            case Operation.Map map -> aligned(map.operands(), result, Set.of(),
                    partial -> degree(map, partial).equals(Optional.of(1)));
            case Operation.Reduce(Reduction reduction, Value x) -> reduce(reduction, x, result);
            case Operation.ProductGradient(Value x, Value dy) ->
                aligned(List.of(x, dy), result, without(x.axes(), dy.axes()), Set.of(1)::equals);
            case Operation.Softmax s ->
                aligned(List.of(s.operand()), result, whole(s.axis(), s.query()), Set::isEmpty);
            case Operation.SoftmaxGradient s ->
                aligned(List.of(s.y(), s.dy()), result, whole(s.axis(), s.query()), Set.of(1)::equals);
            case Operation.Normalise n -> aligned(List.of(n.operand()), result, Set.of(n.axis()), Set::isEmpty);
            case Operation.NormaliseGradient n ->
                aligned(List.of(n.x(), n.dy()), result, Set.of(n.axis()), Set.of(1)::equals);
            case Operation.Take take -> take(take, result);
            case Operation.TakeGradient take -> takeGradient(take, result);
            case Operation.CrossEntropy c ->
                aligned(List.of(c.logits(), c.targets()), result, Set.of(c.axis()), Set::isEmpty);
            case Operation.CrossEntropyGradient c ->
                aligned(List.of(c.logits(), c.targets(), c.dy()), result, Set.of(c.axis()), Set.of(2)::equals);
            case Operation.Split(Value x, Axis axis, List<Axis> parts) ->
                regrouped(replaced(x.axes(), axis, parts.getFirst()), result, parts);
            case Operation.Merge(Value x, List<Axis> parts, Axis axis) ->
                regrouped(x.axes(), replaced(result, axis, parts.getFirst()), parts);
            case Operation.Slice(Value x, Axis axis, List<Axis> parts, int part) ->
                new Form(List.of(x.axes()), result,
                        free(without(result, List.of(parts.get(part)))), Set.of(0)::equals);
            case Operation.Concatenate c -> new Form(c.operands().stream().map(Value::axes).toList(), result,
                    free(without(result, List.of(c.axis()))),
                    partial -> partial.size() == c.operands().size());
            case Operation.Iota _ -> new Form(List.of(), result, free(result), Set::isEmpty);
            case Operation.Bernoulli draw ->
                new Form(List.of(draw.step().axes()), result, free(result), Set::isEmpty);
            case Operation.Accumulate _,Operation.Collective _,Operation.Shard _,Operation.Send _,Operation.Receive _ ->
                throw new ProgramError(
                        statement + " is part of a program that was prepared to run; expected one before that");
        };
    }

    private static Form contract(Operation.Contract contract) {
        Map<Axis, Role> roles = new HashMap<>();
        Set<Axis> all = new LinkedHashSet<>();
        contract.terms().forEach(all::addAll);
        for (Axis axis : all) {
            boolean diagonal = contract.terms().stream().anyMatch(term -> Collections.frequency(term, axis) > 1);
            if (!diagonal && contract.output().contains(axis)) {
                roles.put(axis, FREE);
            } else if (!diagonal && contract.semiring() == Semiring.SUM_PRODUCT) {
                roles.put(axis, SUMMED);
            }
        }
        return new Form(contract.terms(), contract.output(), roles,
                partial -> partial.size() == 1 && contract.semiring() == Semiring.SUM_PRODUCT);
    }

    private static Form reduce(Reduction reduction, Value x, List<Axis> result) {
        Map<Axis, Role> roles = new HashMap<>(free(result));
        if (reduction != Reduction.MEAN && reduction != Reduction.LOG_SUM_EXP) {
            without(x.axes(), result).forEach(axis -> roles.put(axis, new Role.Combined(reduction)));
        }
        return new Form(List.of(x.axes()), result, roles,
                reduction == Reduction.SUM ? Set.of(0)::equals : Set::isEmpty);
    }

    /** Rows of a split table: a device looks up those that it has, and others are 0. */
    private static Form take(Operation.Take take, List<Axis> result) {
        Map<Axis, Role> roles = new HashMap<>(free(result));
        roles.put(take.axis(), SUMMED);
        return new Form(List.of(take.table().axes(), take.indices().axes()), result, roles, Set.of(0)::equals);
    }

    private static Form takeGradient(Operation.TakeGradient take, List<Axis> result) {
        Map<Axis, Role> roles = new HashMap<>(free(result));
        take.indices().axes().forEach(axis -> roles.put(axis, SUMMED));
        return new Form(List.of(take.indices().axes(), take.dy().axes()), result, roles, Set.of(1)::equals);
    }

    /** Operands whose axes go by the names of the result's. */
    private static Form aligned(List<Value> operands, List<Axis> result, Set<Axis> whole,
            Predicate<Set<Integer>> linear) {
        return new Form(operands.stream().map(Value::axes).toList(), result, free(without(result, whole)), linear);
    }

    /** One axis in the place of several: only the outermost of those can be shared, and only without remainder. */
    private static Form regrouped(List<Axis> operand, List<Axis> result, List<Axis> parts) {
        Map<Axis, Role> roles = new HashMap<>(free(without(result, parts)));
        roles.put(parts.getFirst(), EVEN);
        return new Form(List.of(operand), result, roles, Set.of(0)::equals);
    }

    private static List<Axis> replaced(List<Axis> axes, Axis axis, Axis by) {
        return axes.stream().map(a -> a.equals(axis) ? by : a).toList();
    }

    private static Map<Axis, Role> free(Collection<Axis> axes) {
        Map<Axis, Role> roles = new HashMap<>();
        axes.forEach(axis -> roles.put(axis, FREE));
        return roles;
    }

    private static Set<Axis> without(List<Axis> axes, Collection<Axis> removed) {
        Set<Axis> rest = new LinkedHashSet<>(axes);
        rest.removeAll(removed);
        return rest;
    }

    private static Set<Axis> whole(Axis axis, Optional<Axis> query) {
        Set<Axis> whole = new HashSet<>(Set.of(axis));
        query.ifPresent(whole::add);
        return whole;
    }

    /** Degree of a map's expression in some of its operands together: 1 if it is linear in them, empty if it is no monomial. */
    private static Optional<Integer> degree(Operation.Map map, Set<Integer> operands) {
        return degree(map.expression(), operands);
    }

    private static Optional<Integer> degree(Pointwise expression, Set<Integer> operands) {
        return switch (expression) {
            case Pointwise.Operand(int index) -> Optional.of(operands.contains(index) ? 1 : 0);
            case Pointwise.Constant _,Pointwise.Volume _,Pointwise.Start _ ->
                Optional.of(0);
            case Pointwise.Apply(var function, var argument) ->
                degree(argument, operands).filter(d -> d == 0 || function == Unary.NEGATE);
            case Pointwise.Combine(var function, var left, var right) ->
                degree(left, operands).flatMap(l -> degree(right, operands).flatMap(r -> switch (function) {
                    case ADD, SUBTRACT -> l.equals(r) ? Optional.of(l) : Optional.empty();
                    case MULTIPLY, WEIGH -> Optional.of(l + r);
                    case DIVIDE -> r == 0 ? Optional.of(l) : Optional.empty();
                    default -> l + r == 0 ? Optional.of(0) : Optional.empty();
                }));
        };
    }
}
