package org.einscale.einsum.equation;

import java.util.Locale;

/** What an equation may do with axes. */
public enum Rule {
    /** Sum of products (einsum): whatever the output lacks is summed, also where a single operand has it. */
    CONTRACT,
    /**
     * Sum of products in which nothing is summed by accident, as {@code einx.dot} has it: an axis that the output lacks is
     * in at least two operands, once in each; an axis in brackets is in exactly two.
     */
    DOT,
    /** One operand, whose elementary axes are all in the output again. */
    REARRANGE,
    /** One operand; along axes that only the output has, it is repeated. */
    REPEAT,
    /** One operand, combined along the axes that the output lacks. */
    REDUCE;

    /** Whether an equation has one operand only. */
    boolean unary() {
        return this == REARRANGE || this == REPEAT || this == REDUCE;
    }

    @Override
    public String toString() {
        return this == CONTRACT ? "einsum" : name().toLowerCase(Locale.ROOT);
    }
}
