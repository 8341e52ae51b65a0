package org.einscale.einsum.path;

import java.util.List;
import java.util.Set;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Decides in which order the operands of a contraction meet. Pure search: axes and sizes, no tensors. */
@FunctionalInterface
public interface PathFinder {

    /**
     * Two operands, by position in the list of those that are left, that are contracted next. Both leave the list and
     * their product joins its end.
     */
    record Meeting(int first, int second) {}

    /**
     * The meetings that turn all operands into one.
     *
     * @param operands
     *            axes of each operand
     * @param output
     *            axes of the result
     */
    List<Meeting> find(List<Set<Axis>> operands, Set<Axis> output, Sizes sizes);
}
