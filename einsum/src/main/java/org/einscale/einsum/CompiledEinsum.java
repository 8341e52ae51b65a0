package org.einscale.einsum;

import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.einsum.run.Routines;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An {@link Einsum} for operands of given shapes and precision: path found, kernels chosen, memory laid out. Arrays may be
 * views with any strides; they are read and written where they are. Safe for use by many threads at once. Intermediate results
 * take memory that the next call of any einsum takes again: as many calls as ran at the same time keep theirs, up to a GiB. What
 * depends on constants alone is kept, and freed when this object is no longer in use.
 */
public final class CompiledEinsum {
    private final BoundProgram bound;
    private final Routines routines;

    CompiledEinsum(BoundProgram bound) {
        this.bound = bound;
        this.routines = new Routines(bound);
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
        bound.checkOperands(operands);
        return run(out, operands);
    }

    boolean fits(INDArray[] operands) {
        return bound.fits(operands);
    }

    /** As {@link #into}, for operands that fit. */
    INDArray run(INDArray out, INDArray[] operands) {
        bound.results().getFirst().check(out);
        routines.run(operands, out);
        return out;
    }

    /** A new array of the result's shape and type; its content is undefined. */
    public INDArray newResult() {
        return bound.results().getFirst().newArray();
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
        return new CompiledEinsum(bound.withConstant(operand, array));
    }

    /** Gradients of the operands, over the same path and with shared intermediate results. */
    public EinsumGradient gradient() {
        return new EinsumGradient(bound.gradient());
    }

    /** What a call does, step by step, for row-major arrays. */
    public Explanation explain() {
        return Explanation.of(bound.binding().equation().text(), bound.binding().operands().size(),
                routines.rowMajor());
    }

    /** Sizes of the result's axes. */
    public long[] shape() {
        return bound.binding().result().shape();
    }

    @Override
    public String toString() {
        return "compiled " + bound.binding().equation() + ", " + bound.binding().sizes();
    }
}
