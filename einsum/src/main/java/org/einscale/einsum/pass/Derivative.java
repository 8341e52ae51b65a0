package org.einscale.einsum.pass;

import static org.einscale.einsum.program.Pointwise.ONE;
import static org.einscale.einsum.program.Pointwise.ZERO;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;

import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramError;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** Partial derivatives of pointwise expressions, by the chain rule. At a kink the one-sided derivative named below is taken. */
final class Derivative {
    private Derivative() {
    }

    /** The derivative of the expression with respect to one operand. */
    static Pointwise of(Pointwise expression, int operand) {
        return switch (expression) {
            case Pointwise.Operand(int index) -> index == operand ? ONE : ZERO;
            case Pointwise.Constant _,Pointwise.Volume _ -> ZERO;
            case Pointwise.Apply(Unary function, Pointwise x) -> {
                Pointwise inner = of(x, operand);
                yield inner.equals(ZERO) ? ZERO : inner.times(of(function, x));
            }
            case Pointwise.Combine(Binary function, Pointwise l, Pointwise r) -> {
                Pointwise dl = of(l, operand);
                Pointwise dr = of(r, operand);
                Pointwise left = dl.equals(ZERO) ? ZERO : dl.times(byLeft(function, l, r));
                Pointwise right = dr.equals(ZERO) ? ZERO : dr.times(byRight(function, l, r));
                yield left.plus(right);
            }
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
                throw new ProgramError("'" + function.text() + "' has no derivative here");
        };
    }

    /** With respect to the left argument; a tie of maximum or minimum counts as the left one. */
    private static Pointwise byLeft(Binary function, Pointwise l, Pointwise r) {
        return switch (function) {
            case ADD, SUBTRACT -> ONE;
            case MULTIPLY -> r;
            case DIVIDE -> apply(Unary.RECIPROCAL, r);
            case MAXIMUM -> combine(Binary.GREATER_EQUAL, l, r);
            case MINIMUM -> combine(Binary.GREATER_EQUAL, r, l);
            case POWER -> r.times(combine(Binary.POWER, l, r.minus(ONE)));
            case GREATER, GREATER_EQUAL, EQUAL -> ZERO;
        };
    }

    private static Pointwise byRight(Binary function, Pointwise l, Pointwise r) {
        return switch (function) {
            case ADD -> ONE;
            case SUBTRACT -> constant(-1);
            case MULTIPLY -> l;
            case DIVIDE -> l.over(apply(Unary.SQUARE, r)).negate();
            case MAXIMUM -> combine(Binary.GREATER, r, l);
            case MINIMUM -> combine(Binary.GREATER, l, r);
            case POWER -> combine(Binary.POWER, l, r).times(apply(Unary.LOG, l));
            case GREATER, GREATER_EQUAL, EQUAL -> ZERO;
        };
    }
}
