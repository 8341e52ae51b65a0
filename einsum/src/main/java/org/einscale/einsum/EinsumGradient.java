package org.einscale.einsum;

import java.util.Arrays;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.run.Argument;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.einsum.run.Routines;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of {@code sum(result * cotangent)} with respect to every operand of a {@link CompiledEinsum}: its vector-Jacobian
 * product. Contractions that several gradients need are computed once. Safe for use by many threads at once.
 */
public final class EinsumGradient {
    private final BoundProgram bound;
    private final Routines routines;

    EinsumGradient(BoundProgram bound) {
        this.bound = bound;
        this.routines = new Routines(bound);
    }

    /** What a call does, step by step, for row-major arrays. */
    public Explanation explain() {
        // The cotangent takes the place of the operand whose gradient it is.
        return Explanation.of("gradients", bound.program().inputs().size() - 1, routines.rowMajor());
    }

    /**
     * Computes into new row-major arrays.
     *
     * @param cotangent
     *            gradient of a scalar with respect to the result, of its shape
     * @return the gradient of each operand, of its shape
     * @throws EquationError
     *             if there is not enough memory
     */
    public INDArray[] apply(INDArray cotangent, INDArray... operands) {
        INDArray[] gradients = bound.results().stream().map(Argument::newArray).toArray(INDArray[]::new);
        return into(gradients, cotangent, operands);
    }

    /**
     * Computes into arrays that exist; allocates nothing off-heap.
     *
     * @param gradients
     *            one for each operand, of its shape, overwritten
     * @return gradients
     * @throws IllegalArgumentException
     *             if a shape or type is not what this was compiled for, or memory is shared
     */
    public INDArray[] into(INDArray[] gradients, INDArray cotangent, INDArray... operands) {
        INDArray[] given = Arrays.copyOf(operands, operands.length + 1);
        given[operands.length] = cotangent;
        bound.checkOperands(given);
        bound.checkResults(gradients);
        INDArray[] all = Arrays.copyOf(given, given.length + gradients.length);
        System.arraycopy(gradients, 0, all, given.length, gradients.length);
        routines.run(Arrays.copyOf(all, all.length - 1), all[all.length - 1]);
        return gradients;
    }
}
