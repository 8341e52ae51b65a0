package org.einscale.einsum;

import java.util.List;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.program.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of {@code sum(result * cotangent)} with respect to every operand of a {@link CompiledEinsum}: its vector-Jacobian
 * product. Contractions that several gradients need are computed once. Safe for use by many threads at once.
 */
public final class EinsumGradient {
    private final Room room;
    private final Routines routines;

    EinsumGradient(Room room, Routines routines) {
        this.room = room;
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
     * @throws EquationError
     *             if there is not enough memory
     */
    public INDArray[] apply(INDArray cotangent, INDArray... operands) {
        Problem problem = routines.problem();
        List<Value> inputs = problem.program().inputs();
        INDArray[] gradients = IntStream.range(0, inputs.size() - 1)
                .filter(i -> !problem.constants().containsKey(inputs.get(i))).mapToObj(room::gradient)
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
        try {
            routines.run(given, gradients);
        } catch (OutOfMemoryError e) {
            throw room.between(e);
        }
        return gradients;
    }
}
