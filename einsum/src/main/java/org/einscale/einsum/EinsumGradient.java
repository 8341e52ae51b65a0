package org.einscale.einsum;

import java.util.List;
import org.einscale.einsum.program.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of {@code sum(result * cotangent)} with respect to every operand of a {@link CompiledEinsum}: its vector-Jacobian
 * product. Contractions that several gradients need are computed once. Safe for use by many threads at once.
 */
public final class EinsumGradient {
    private final Routines routines;

    EinsumGradient(Routines routines) {
        this.routines = routines;
    }

    /** What a call does, step by step, for row-major arrays. */
    public Explanation explain() {
        // The cotangent takes the place of the operand whose gradient it is.
        return routines.explain("gradients", routines.problem().program().inputs().size() - 1);
    }

    /**
     * Computes into new row-major arrays.
     *
     * @param cotangent
     *            gradient of a scalar with respect to the result, of its shape
     * @return the gradient of each operand, of its shape
     */
    public INDArray[] apply(INDArray cotangent, INDArray... operands) {
        Problem problem = routines.problem();
        List<Value> outputs = problem.program().outputs();
        INDArray[] gradients = outputs.stream()
                .map(value -> routines.newArray(problem.view(value)))
                .toArray(INDArray[]::new);
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
        INDArray[] given = new INDArray[operands.length + 1];
        System.arraycopy(operands, 0, given, 0, operands.length);
        given[operands.length] = cotangent;
        routines.run(given, gradients);
        return gradients;
    }
}
