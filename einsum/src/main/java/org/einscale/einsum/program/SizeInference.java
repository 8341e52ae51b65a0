package org.einscale.einsum.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Completes the sizes of a program's axes from those that are given, and checks that all of them agree. */
public final class SizeInference {
    private Sizes sizes;

    private SizeInference(Sizes sizes) {
        this.sizes = sizes;
    }

    /**
     * Sizes of every axis of every value.
     *
     * @throws ProgramError
     *             if two sizes of an axis disagree or an axis has none
     */
    public static Sizes infer(Program program, Sizes given) {
        SizeInference inference = new SizeInference(given);
        int before = -1;
        while (before != inference.sizes.axes().size()) {
            before = inference.sizes.axes().size();
            program.statements().forEach(inference::visit);
        }
        for (Value value : program.values()) {
            for (Axis axis : value.axes()) {
                if (!inference.sizes.has(axis)) {
                    throw new ProgramError(
                            "axis '" + axis.name() + "' of " + value + " has no size; sizes are known of " + given);
                }
            }
        }
        return inference.sizes;
    }

    private void visit(Statement statement) {
        visit(statement, statement.operation());
    }

    private void visit(Statement statement, Operation operation) {
        switch (operation) {
            case Operation.Contract contract -> contract(statement, contract);
            case Operation.Accumulate accumulate -> visit(statement, accumulate.addend());
            case Operation.Split split -> product(statement, split.axis(), split.parts());
            case Operation.Merge merge -> product(statement, merge.axis(), merge.parts());
            case Operation.Slice slice -> sum(statement, slice.axis(), slice.parts());
            case Operation.Concatenate concatenate -> sum(statement, concatenate.axis(), concatenate.parts());
            case Operation.Map _,Operation.Reduce _,Operation.ProductGradient _,Operation.Softmax _,Operation.SoftmaxGradient _,Operation.Normalise _,Operation.NormaliseGradient _,Operation.Take _,Operation.TakeGradient _,Operation.CrossEntropy _,Operation.CrossEntropyGradient _,Operation.Iota _,Operation.Bernoulli _,Operation.Collective _,Operation.Shard _,Operation.Send _,Operation.Receive _ ->
                {
                }
        }
    }

    private void contract(Statement statement, Operation.Contract contract) {
        Map<Axis, Axis> first = new HashMap<>();
        for (int i = 0; i < contract.operands().size(); i++) {
            unify(statement, first, contract.terms().get(i), contract.operands().get(i).axes());
        }
        unify(statement, first, contract.output(), statement.result().axes());
    }

    /** Axes that one einsum calls by the same name have the same size. */
    private void unify(Statement statement, Map<Axis, Axis> first, List<Axis> term, List<Axis> axes) {
        for (int i = 0; i < term.size(); i++) {
            Axis axis = axes.get(i);
            Axis twin = first.get(term.get(i));
            if (twin == null || !sizes.has(twin)) {
                first.put(term.get(i), axis);
            } else {
                set(statement, axis, sizes.of(twin));
            }
            if (twin != null && !sizes.has(twin) && sizes.has(axis)) {
                set(statement, twin, sizes.of(axis));
            }
        }
    }

    private void product(Statement statement, Axis axis, List<Axis> parts) {
        List<Axis> unknown = parts.stream().filter(p -> !sizes.has(p)).toList();
        if (unknown.isEmpty()) {
            set(statement, axis, sizes.points(parts));
        } else if (unknown.size() == 1 && sizes.has(axis)) {
            double known = sizes.points(parts.stream().filter(sizes::has).toList());
            divide(statement, axis, known, unknown.getFirst());
        }
    }

    private void sum(Statement statement, Axis axis, List<Axis> parts) {
        List<Axis> unknown = parts.stream().filter(p -> !sizes.has(p)).toList();
        double known = parts.stream().filter(sizes::has).mapToDouble(sizes::of).sum();
        if (unknown.isEmpty()) {
            set(statement, axis, known);
        } else if (unknown.stream().distinct().count() == 1 && sizes.has(axis)) {
            double rest = sizes.of(axis) - known;
            if (rest < 0 || rest % unknown.size() != 0) {
                throw new ProgramError(
                        "axis '" + axis.name() + "' of size " + sizes.of(axis) + " cannot be laid out as "
                                + Value.text(parts) + " in " + statement);
            }
            set(statement, unknown.getFirst(), rest / unknown.size());
        }
    }

    private static String text(double size) {
        return size <= Long.MAX_VALUE ? Long.toString((long) size) : Double.toString(size);
    }

    private void divide(Statement statement, Axis axis, double known, Axis unknown) {
        if (known == 0 || sizes.of(axis) % known != 0) {
            throw new ProgramError("axis '" + axis.name() + "' of size " + sizes.of(axis) + " is not divisible by "
                    + text(known) + " in " + statement);
        }
        set(statement, unknown, sizes.of(axis) / known);
    }

    /** Sizes are made in floating point, which holds all that an int does and goes on beyond. */
    private void set(Statement statement, Axis axis, double size) {
        if (size > Integer.MAX_VALUE) {
            throw new ProgramError("axis '" + axis.name() + "' is " + text(size) + " in " + statement
                    + "; expected at most " + Integer.MAX_VALUE);
        }
        if (!sizes.has(axis)) {
            sizes = sizes.with(axis, (int) size);
        } else if (sizes.of(axis) != size) {
            throw new ProgramError("axis '" + axis.name() + "' is " + sizes.of(axis) + ", but " + text(size) + " in "
                    + statement + "; sizes are "
                    + sizes.axes().stream().map(a -> a.name() + "=" + sizes.of(a)).collect(Collectors.joining(" ")));
        }
    }
}
