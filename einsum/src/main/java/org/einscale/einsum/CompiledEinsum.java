package org.einscale.einsum;

import org.einscale.einsum.equation.Binding;
import org.einscale.einsum.equation.EquationError;
import org.einscale.tensor.Precision;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An {@link Einsum} for operands of given shapes and precision: path found, kernels chosen, memory laid out. Arrays may be
 * views with any strides; they are read and written where they are. Safe for use by many threads at once. Intermediate results
 * take memory that the next call of any einsum takes again: as many calls as ran at the same time keep theirs, up to a GiB. What
 * depends on constants alone is kept, and freed when this object is no longer in use.
 */
public final class CompiledEinsum {
    private final Binding binding;
    private final Options options;
    private final Room room;
    private final Routines routines;
    private final long[] shape;

    CompiledEinsum(Binding binding, Options options, Precision precision) {
        this(binding, options, new Room(binding, precision),
                new Routines(Problem.of(binding, options), precision, options.memory()));
    }

    private CompiledEinsum(Binding binding, Options options, Room room, Routines routines) {
        this.room = room;
        this.binding = binding;
        this.options = options;
        this.routines = routines;
        this.shape = binding.result().shape();
    }

    /**
     * Computes into a new row-major array.
     *
     * @throws EquationError
     *             if there is not enough memory
     */
    public INDArray apply(INDArray... operands) {
        return into(newResult(), operands);
    }

    /**
     * Computes into an array that exists; allocates nothing.
     *
     * @param out
     *            of the result's shape, overwritten; shares no element with an operand, and its elements none with each other
     * @param operands
     *            one for each term that is not bound to a constant, not modified
     * @return out
     * @throws IllegalArgumentException
     *             if a shape or type is not what this was compiled for, or elements share memory
     */
    public INDArray into(INDArray out, INDArray... operands) {
        try {
            routines.run(operands, new INDArray[]{out});
        } catch (OutOfMemoryError e) {
            throw room.between(e);
        }
        return out;
    }

    /** A new array of the result's shape and type; its content is undefined. */
    public INDArray newResult() {
        return room.result();
    }

    /** As {@link #into}, if the arrays have the layout of those of the last call; else nothing happens. */
    boolean intoLike(INDArray out, INDArray[] operands) {
        return routines.runLike(operands, new INDArray[]{out});
    }

    /**
     * The same with an operand that is the same in all calls. What depends on constants alone is computed once, at the first
     * call.
     *
     * @param operand
     *            position of its term in the equation
     * @param array
     *            not to be modified as long as the returned expression is in use
     */
    public CompiledEinsum bind(int operand, INDArray array) {
        return new CompiledEinsum(binding, options, room,
                new Routines(routines.problem().withConstant(operand, array, routines.precision()),
                        routines.precision(), options.memory()));
    }

    /** Gradients of the operands, over the same path and with shared intermediate results. */
    public EinsumGradient gradient() {
        return new EinsumGradient(room,
                new Routines(routines.problem().gradient(), routines.precision(), options.memory()));
    }

    /** What a call does, step by step, for row-major arrays. */
    public Explanation explain() {
        return routines.explain(binding.equation().text(), binding.operands().size());
    }

    /** Sizes of the result's axes. */
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public String toString() {
        return "compiled " + binding.equation() + ", " + binding.sizes();
    }
}
