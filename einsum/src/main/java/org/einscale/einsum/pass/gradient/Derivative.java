package org.einscale.einsum.pass.gradient;

import static org.einscale.einsum.program.Pointwise.ONE;
import static org.einscale.einsum.program.Pointwise.ZERO;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;

import java.util.Locale;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramError;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/**
 * Partial derivatives of pointwise expressions, by the chain rule. At a kink the one-sided derivative named below is taken. A
 * derivative of 0 leaves 0 of one that may be infinite: what does not depend on an operand has no slope by it.
 */
final class Derivative {
    private Derivative() {
    }

    /** The derivative of the expression with respect to one operand. */
    static Pointwise of(Pointwise expression, int operand) {
        return switch (expression) {
            case Pointwise.Operand(int index) -> index == operand ? ONE : ZERO;
            case Pointwise.Constant _,Pointwise.Volume _,Pointwise.Start _ -> ZERO;
            case Pointwise.Apply(Unary function, Pointwise x) -> {
                Pointwise inner = of(x, operand);
                yield inner.equals(ZERO) ? ZERO : times(inner, of(function, x));
            }
            case Pointwise.Combine(Binary function, Pointwise l, Pointwise r) -> {
                Pointwise dl = of(l, operand);
                Pointwise dr = of(r, operand);
                Pointwise left = dl.equals(ZERO) ? ZERO : times(dl, byLeft(function, l, r));
                Pointwise right = dr.equals(ZERO) ? ZERO : times(dr, byRight(function, l, r));
                yield left.plus(right);
            }
        };
    }

    /** A slope times the slope of what it is put into. */
    static Pointwise times(Pointwise slope, Pointwise outer) {
        return isBoundless(outer) || isStep(outer) ? slope.weigh(outer) : slope.times(outer);
    }

    /** Whether a slope can be infinite at finite operands. */
    private static boolean isBoundless(Pointwise slope) {
        return switch (slope) {
            case Pointwise.Operand _,Pointwise.Constant _,Pointwise.Volume _,Pointwise.Start _ -> false;
            case Pointwise.Apply(Unary function, Pointwise x) -> switch (function) {
                case RECIPROCAL, RECIPROCAL_SQRT, LOG -> true;
                default -> isBoundless(x);
            };
            case Pointwise.Combine(Binary function, Pointwise l, Pointwise r) -> switch (function) {
                case DIVIDE, POWER, POWER_BY_BASE, POWER_BY_EXPONENT -> true;
                default -> isBoundless(l) || isBoundless(r);
            };
        };
    }

    /** Whether a slope is 0 on one side of a kink, where the cotangent is that of a constant and may be infinite. */
    private static boolean isStep(Pointwise slope) {
        return switch (slope) {
            case Pointwise.Apply(Unary function, Pointwise _) -> function == Unary.HEAVISIDE;
            case Pointwise.Combine(Binary function, Pointwise _, Pointwise _) ->
                function == Binary.GREATER || function == Binary.GREATER_EQUAL;
            default -> false;
        };
    }

    private static Pointwise of(Unary function, Pointwise x) {
        return switch (function) {
            case NEGATE -> constant(-1);
            case ABS -> apply(Unary.SIGN, x);
            case SIGN, HEAVISIDE -> ZERO;
            case SQUARE -> constant(2).times(x);
            case SQRT -> constant(0.5).times(apply(Unary.RECIPROCAL_SQRT, x));
            case RECIPROCAL -> apply(Unary.SQUARE, apply(Unary.RECIPROCAL, x)).negate();
            case RECIPROCAL_SQRT -> constant(-0.5).times(apply(Unary.RECIPROCAL_SQRT, x)).over(x);
            case EXP -> apply(Unary.EXP, x);
            case LOG -> apply(Unary.RECIPROCAL, x);
            case TANH -> ONE.minus(apply(Unary.SQUARE, apply(Unary.TANH, x)));
            case SIGMOID -> apply(Unary.SIGMOID, x).times(ONE.minus(apply(Unary.SIGMOID, x)));
            case GELU -> apply(Unary.GELU_DERIVATIVE, x);
            case SILU -> apply(Unary.SILU_DERIVATIVE, x);
            case RELU -> apply(Unary.HEAVISIDE, x);
            case SIN -> apply(Unary.COS, x);
            case COS -> apply(Unary.SIN, x).negate();
            case GELU_DERIVATIVE, SILU_DERIVATIVE ->
                throw none(function.text());
        };
    }

    private static ProgramError none(String function) {
        return new ProgramError("'" + function + "' has no derivative here");
    }

    /** With respect to the left argument; a tie of maximum or minimum counts as the left one. */
    private static Pointwise byLeft(Binary function, Pointwise l, Pointwise r) {
        return switch (function) {
            case ADD, SUBTRACT -> ONE;
            case MULTIPLY, WEIGH -> r;
            case DIVIDE -> apply(Unary.RECIPROCAL, r);
            case MAXIMUM -> combine(Binary.GREATER_EQUAL, l, r);
            case MINIMUM -> combine(Binary.GREATER_EQUAL, r, l);
            case POWER -> combine(Binary.POWER_BY_BASE, l, r);
            case POWER_BY_BASE, POWER_BY_EXPONENT -> throw none(function.name().toLowerCase(Locale.ROOT));
            case GREATER, GREATER_EQUAL, EQUAL -> ZERO;
        };
    }

    private static Pointwise byRight(Binary function, Pointwise l, Pointwise r) {
        return switch (function) {
            case ADD -> ONE;
            case SUBTRACT -> constant(-1);
            case MULTIPLY, WEIGH -> l;
            case DIVIDE -> l.over(r).over(r).negate();
            case MAXIMUM -> combine(Binary.GREATER, r, l);
            case MINIMUM -> combine(Binary.GREATER, l, r);
            case POWER -> combine(Binary.POWER_BY_EXPONENT, l, r);
            case POWER_BY_BASE, POWER_BY_EXPONENT -> throw none(function.name().toLowerCase(Locale.ROOT));
            case GREATER, GREATER_EQUAL, EQUAL -> ZERO;
        };
    }
}
