package org.einscale.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.einscale.einsum.equation.Binding;
import org.einscale.einsum.equation.Rule;
import org.einscale.einsum.equation.View;
import org.einscale.einsum.pass.Gradient;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pairwise;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.Slicing;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.profile.Profile;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an equation over given shapes computes, as a program over elementary axes. Composed axes are split, diagonals taken and
 * axes of size 1 dropped by the way in which the caller's arrays are seen, so none of them moves an element.
 *
 * @param views
 *            how the array of each input and output is seen
 * @param constants
 *            arrays of inputs that are the same in every run
 * @param semiring
 *            in which it adds and multiplies; the sum of no elements stands beside a diagonal that is written
 * @param machine
 *            that plans are made for
 * @param slices
 *            axes of which a run of the program takes one value, with the sizes that they have in the arrays
 * @param smaller
 *            the same in more slices, given the elements that intermediate results may take; empty if there are none
 */
record Problem(Program program, Sizes sizes, Map<Value, View> views, Map<Value, INDArray> constants,
        Semiring semiring, Profile machine, Map<Axis, Integer> slices, LongFunction<Optional<Problem>> smaller) {

    Problem {
        views = Map.copyOf(views);
        constants = Map.copyOf(constants);
        slices = Collections.unmodifiableMap(new LinkedHashMap<>(slices));
    }

    /** The equation itself, its operands met in the order that a path finder decides. */
    static Problem of(Binding binding, Options options) {
        List<Set<Axis>> operands = binding.operands().stream()
                .map(view -> (Set<Axis>) new LinkedHashSet<>(view.distinct())).toList();
        Network network = new Network(operands, new LinkedHashSet<>(binding.result().distinct()), binding.sizes());
        return of(binding, options, Slicing.none(network, options.paths()));
    }

    private static Problem of(Binding binding, Options options, Slicing slicing) {
        Map<Axis, Integer> slices = new LinkedHashMap<>();
        Sizes sizes = binding.sizes();
        // Those of the result go last, so that all of it has been added to after few slices.
        List<Axis> kept = binding.result().distinct();
        for (Axis axis : slicing.axes().stream().sorted(Comparator.comparing(kept::contains)).toList()) {
            slices.put(axis, sizes.of(axis));
            sizes = sizes.with(axis, 1);
        }
        ProgramBuilder builder = new ProgramBuilder();
        Map<Value, View> views = new HashMap<>();
        List<Value> operands = new ArrayList<>();
        for (View view : binding.operands()) {
            Value operand = builder.input("operand " + operands.size(), view.distinct());
            operands.add(operand);
            views.put(operand, view);
        }
        Value result = result(builder, binding, options, operands);
        builder.output(result);
        views.put(result, binding.result());
        Program pairs = new Pairwise().apply(builder.build(), Context.of(sizes).with(_ -> slicing.path()));
        return new Problem(pairs, sizes, views, Map.of(), options.semiring(), options.machine(), slices,
                cap -> slicing.further(options.paths(), cap).filter(_ -> sliceable(binding, options))
                        .map(more -> of(binding, options, more)));
    }

    /** Whether results of slices add up to the whole. */
    private static boolean sliceable(Binding binding, Options options) {
        return binding.equation().rule() != Rule.REPEAT && options.reduction().isEmpty();
    }

    private static Value result(ProgramBuilder builder, Binding binding, Options options, List<Value> operands) {
        List<Axis> axes = binding.result().distinct();
        if (binding.equation().rule() == Rule.REPEAT) {
            return builder.map(Pointwise.operand(0), operands, axes);
        }
        if (options.reduction().isPresent()) {
            return builder.reduce(options.reduction().get(), operands.getFirst(), axes);
        }
        List<List<Axis>> terms = operands.stream().map(Value::axes).toList();
        return builder.append("result", axes, new Operation.Contract(operands, terms, axes, options.semiring()));
    }

    /** Inputs that may differ from run to run, in the equation's order, then the outputs. */
    List<Value> varying() {
        List<Value> values = new ArrayList<>(program.inputs());
        values.removeAll(constants.keySet());
        values.addAll(program.outputs());
        return values;
    }

    /** Sizes of the axes in the arrays. */
    Sizes wholeSizes() {
        Sizes whole = sizes;
        for (Map.Entry<Axis, Integer> slice : slices.entrySet()) {
            whole = whole.with(slice.getKey(), slice.getValue());
        }
        return whole;
    }

    /** Outputs to which every slice adds its part. */
    Set<Value> sums() {
        return program.outputs().stream().filter(output -> !output.axes().containsAll(slices.keySet()))
                .collect(Collectors.toSet());
    }

    View view(Value value) {
        return Objects.requireNonNull(views.get(value), value::toString);
    }

    /**
     * The same with an operand fixed.
     *
     * @throws IllegalArgumentException
     *             if there is no such operand, or the array has not its shape or type
     */
    Problem withConstant(int operand, INDArray array, Precision precision) {
        if (operand < 0 || operand >= program.inputs().size()) {
            throw new IllegalArgumentException("there is no operand " + operand + "; expected 0 to "
                    + (program.inputs().size() - 1));
        }
        Value value = program.inputs().get(operand);
        if (array.dataType() != precision.dataType()) {
            throw new IllegalArgumentException(value.name() + " is of type " + array.dataType()
                    + "; the expression was compiled for " + precision.dataType());
        }
        if (!Arrays.equals(array.shape(), view(value).shape())) {
            throw new IllegalArgumentException(value.name() + " has shape " + Arrays.toString(array.shape())
                    + "; the expression was compiled for " + Arrays.toString(view(value).shape()));
        }
        Map<Value, INDArray> more = new HashMap<>(constants);
        more.put(value, array);
        return new Problem(program, sizes, views, more, semiring, machine, slices,
                cap -> smaller.apply(cap).map(problem -> problem.withConstant(operand, array, precision)));
    }

    /**
     * The gradients of {@code sum(result * cotangent)}: inputs are the operands and the cotangent, outputs the gradients of the
     * operands that are no constants. They share the path of the equation itself, its intermediate results and each other's
     * cotangents.
     */
    Problem gradient() {
        Value result = program.outputs().getFirst();
        ProgramBuilder builder = new ProgramBuilder(program);
        Value cotangent = builder.input("the cotangent", result.axes());
        List<Value> operands = program.inputs().stream().filter(v -> !constants.containsKey(v)).toList();
        Gradient.Result all = Gradient.of(builder.build(), result, cotangent, operands);
        ProgramBuilder whole = new ProgramBuilder(all.program());
        Map<Value, View> seen = new HashMap<>(views);
        seen.put(cotangent, view(result));
        seen.remove(result);
        Set<Value> taken = new HashSet<>(all.program().inputs());
        List<Value> gradients = new ArrayList<>();
        for (Value operand : operands) {
            Value gradient = Objects.requireNonNull(all.of().get(operand));
            // An array of its own for each gradient, also where one is the cotangent as it stands.
            Value own = taken.add(gradient) ? gradient : whole.map(Pointwise.operand(0), gradient);
            gradients.add(own);
            seen.put(own, view(operand));
        }
        Program program = whole.build();
        return new Problem(new Program(program.inputs(), List.of(), program.statements(), gradients, program.updates()),
                sizes, seen, constants, Semiring.SUM_PRODUCT, machine, slices,
                cap -> smaller.apply(cap).map(Problem::gradient));
    }
}
