package org.einscale.einsum.program;

import java.util.List;
import org.einscale.tensor.Axis;

/**
 * What happens along the axes of a contraction: the one classification from which its gradient, its costs, its path, its
 * kernels and its sharding follow.
 *
 * @param terms
 *            axes of each operand; one that stands twice in a term is a diagonal
 */
public record AxisRoles(List<List<Axis>> terms, List<Axis> output) {

    /** What happens along an axis. */
    public enum Role {
        /** Several operands and the result go along it together. */
        BATCH,
        /** The result takes it from one operand. */
        FREE,
        /** Several operands are multiplied along it, and the products added. */
        CONTRACTED,
        /** One operand alone is summed along it. */
        SUMMED
    }

    /** The role of an axis that some term has. */
    public Role of(Axis axis) {
        boolean several = terms.stream().filter(term -> term.contains(axis)).limit(2).count() > 1;
        return output.contains(axis)
                ? several ? Role.BATCH : Role.FREE
                : several ? Role.CONTRACTED : Role.SUMMED;
    }

    /** All axes, in the order in which the terms first name them. */
    public List<Axis> all() {
        return terms.stream().flatMap(List::stream).distinct().toList();
    }

    /** The axes of an operand that have a role, in the operand's order. */
    public List<Axis> of(int operand, Role role) {
        return terms.get(operand).stream().distinct().filter(axis -> of(axis) == role).toList();
    }
}
