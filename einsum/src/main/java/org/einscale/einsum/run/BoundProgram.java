package org.einscale.einsum.run;

import java.util.ArrayList;
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
import java.util.stream.Stream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Rule;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pairwise;
import org.einscale.einsum.pass.gradient.Gradient;
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
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an equation over given shapes computes, as a program over elementary axes. Composed axes are split, diagonals taken and
 * axes of size 1 dropped by the way in which the caller's arrays are seen, so none of them moves an element.
 *
 * @param operands
 *            arrays that are read and may differ from run to run, in the equation's order
 * @param results
 *            arrays that are written, one for each output of the program
 * @param constants
 *            arrays that are the same in every run
 * @param slices
 *            axes of which a run of the program takes one value, with the sizes that they have in the arrays
 * @param smaller
 *            the same in more slices, given the elements that intermediate results may take; empty if there are none
 */
public record BoundProgram(Binding binding, Options options, Precision precision, Program program,
        List<Argument> operands, List<Argument> results, Map<Argument, INDArray> constants, Map<Axis, Integer> slices,
        LongFunction<Optional<BoundProgram>> smaller) {

    public BoundProgram {
        operands = List.copyOf(operands);
        results = List.copyOf(results);
        constants = Map.copyOf(constants);
        slices = Collections.unmodifiableMap(new LinkedHashMap<>(slices));
    }

    /**
     * The equation itself, its operands met in the order that a path finder decides.
     *
     * @throws EquationError
     *             if an array would have 2^63 elements or more
     */
    public static BoundProgram of(Binding binding, Options options, Precision precision) {
        ProgramBuilder builder = new ProgramBuilder();
        List<Argument> operands = new ArrayList<>();
        for (View view : binding.operands()) {
            int i = operands.size();
            Value operand = builder.input("operand " + i, view.distinct());
            operands.add(new Argument(operand.name(), operand.name(), binding, binding.equation().operands().get(i),
                    view, operand, precision));
        }
        Value result = result(builder, binding, options, operands.stream().map(Argument::value).toList());
        builder.output(result);
        List<Argument> results = List.of(new Argument("its result", "the array for result 0", binding,
                binding.equation().result(), binding.result(), result, precision));
        List<Set<Axis>> factors = operands.stream()
                .map(operand -> (Set<Axis>) new LinkedHashSet<>(operand.value().axes())).toList();
        Network network = new Network(factors, new LinkedHashSet<>(result.axes()), binding.sizes());
        return new BoundProgram(binding, options, precision, builder.build(), operands, results, Map.of(), Map.of(),
                _ -> Optional.empty()).along(Slicing.none(network, options.paths()));
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

    /** The same in slices, along the path for one of them. */
    private BoundProgram along(Slicing slicing) {
        Map<Axis, Integer> slices = new LinkedHashMap<>();
        Sizes sizes = binding.sizes();
        // Those of the result go last, so that all of it has been added to after few slices.
        List<Axis> kept = results.getFirst().value().axes();
        for (Axis axis : slicing.axes().stream().sorted(Comparator.comparing(kept::contains)).toList()) {
            slices.put(axis, sizes.of(axis));
            sizes = sizes.with(axis, 1);
        }
        Program pairs = new Pairwise().apply(program, Context.of(sizes).with(_ -> slicing.path()));
        return new BoundProgram(binding, options, precision, pairs, operands, results, constants, slices,
                cap -> slicing.further(options.paths(), cap).filter(_ -> sliceable()).map(this::along));
    }

    /** Whether results of slices add up to the whole. */
    private boolean sliceable() {
        return binding.equation().rule() != Rule.REPEAT && options.reduction().isEmpty();
    }

    /** Sizes of the axes in one slice; those in the arrays are the {@link #binding}'s. */
    public Sizes sizes() {
        return slices.keySet().stream().reduce(binding.sizes(), (sizes, axis) -> sizes.with(axis, 1),
                (_, last) -> last);
    }

    /** Operands, then results. */
    public List<Argument> arguments() {
        return Stream.concat(operands.stream(), results.stream()).toList();
    }

    /** Outputs to which every slice adds its part. */
    Set<Value> sums() {
        return program.outputs().stream().filter(output -> !output.axes().containsAll(slices.keySet()))
                .collect(Collectors.toSet());
    }

    /**
     * The same with an operand fixed.
     *
     * @param operand
     *            position of its term in the equation
     * @throws IllegalArgumentException
     *             if there is no such operand, or the array has not its shape or type
     */
    public BoundProgram withConstant(int operand, INDArray array) {
        if (operand < 0 || operand >= program.inputs().size()) {
            throw new IllegalArgumentException("there is no operand " + operand + "; expected 0 to "
                    + (program.inputs().size() - 1));
        }
        Value value = program.inputs().get(operand);
        Argument argument = Stream.concat(operands.stream(), constants.keySet().stream())
                .filter(known -> known.value().equals(value)).findFirst().orElseThrow();
        argument.check(array);
        Map<Argument, INDArray> more = new HashMap<>(constants);
        more.put(argument, array);
        return new BoundProgram(binding, options, precision, program,
                operands.stream().filter(other -> other != argument).toList(), results, more, slices,
                cap -> smaller.apply(cap).map(sliced -> sliced.withConstant(operand, array)));
    }

    /**
     * The gradients of {@code sum(result * cotangent)}: operands are those of the equation and the cotangent, results the
     * gradients of the ones that are no constants. They share the path of the equation itself, its intermediate results and
     * each other's cotangents.
     */
    public BoundProgram gradient() {
        Argument result = results.getFirst();
        ProgramBuilder builder = new ProgramBuilder(program);
        Value cotangent = builder.input("the cotangent", result.value().axes());
        Gradient.Result all = Gradient.of(builder.build(), result.value(), cotangent,
                operands.stream().map(Argument::value).toList());
        ProgramBuilder whole = new ProgramBuilder(all.program());
        Set<Value> taken = new HashSet<>(all.program().inputs());
        List<Argument> gradients = new ArrayList<>();
        for (Argument operand : operands) {
            Value gradient = Objects.requireNonNull(all.of().get(operand.value()));
            // An array of its own for each gradient, also where one is the cotangent as it stands.
            Value own = taken.add(gradient) ? gradient : whole.map(Pointwise.operand(0), gradient);
            gradients.add(operand.as("the gradient of " + operand.called(), "the array for result " + gradients.size(),
                    own));
        }
        Program program = whole.build();
        return new BoundProgram(binding, options.withSemiring(Semiring.SUM_PRODUCT), precision,
                new Program(program.inputs(), List.of(), program.statements(),
                        gradients.stream().map(Argument::value).toList(), program.updates()),
                Stream.concat(operands.stream(), Stream.of(result.as(cotangent.name(), cotangent.name(), cotangent)))
                        .toList(),
                gradients,
                constants, slices, cap -> smaller.apply(cap).map(BoundProgram::gradient));
    }

    /** Whether arrays are as many as the operands, of their types and shapes. */
    public boolean fits(INDArray[] arrays) {
        if (arrays.length != operands.size()) {
            return false;
        }
        for (int i = 0; i < arrays.length; i++) {
            if (!operands.get(i).fits(arrays[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Refuses arrays that do not {@link #fits fit} the operands.
     *
     * @throws IllegalArgumentException
     *             that says which and why
     */
    public void checkOperands(INDArray[] arrays) {
        check("operands", operands, arrays);
    }

    /** The same for the results. */
    public void checkResults(INDArray[] arrays) {
        check("arrays for results", results, arrays);
    }

    private static void check(String what, List<Argument> arguments, INDArray[] arrays) {
        if (arrays.length != arguments.size()) {
            throw new IllegalArgumentException(
                    "expected " + arguments.size() + " " + what + ", found " + arrays.length);
        }
        for (int i = 0; i < arrays.length; i++) {
            arguments.get(i).check(arrays[i]);
        }
    }
}
