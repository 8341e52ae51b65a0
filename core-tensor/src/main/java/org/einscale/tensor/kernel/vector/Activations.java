package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.simd.Lanes.ONE;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.einscale.tensor.kernel.Unary;
import org.einscale.tensor.simd.Exp;

/**
 * The activation functions and what they are made of: exp, tanh, sigmoid, GELU and SiLU with their derivatives. The JVM is told by a
 * flag to inline them.
 */
final class Activations {
    /** GELU(x) = x sigmoid(2u) with -2u = x (SCALE + CUBIC x^2), which is the tanh form written without tanh. */
    private static final FloatVector SCALE = constant(-2 * Unary.GELU_SCALE);
    private static final FloatVector CUBIC = constant(-2 * Unary.GELU_SCALE * Unary.GELU_CUBIC);
    private static final FloatVector CUBIC_SLOPE = constant(-6 * Unary.GELU_SCALE * Unary.GELU_CUBIC);
    private static final FloatVector TWO = constant(2);
    private static final FloatVector INFINITY = constant(Float.POSITIVE_INFINITY);
    /** Where x is less, x / infinity would be no number. */
    private static final FloatVector LOWEST = constant(-Float.MAX_VALUE);
    /** Beyond these, the derivatives of GELU and SiLU are 0 or 1 in float32. */
    private static final FloatVector GELU_FAR = constant(12);
    private static final FloatVector GELU_FAR_BELOW = constant(-12);
    private static final FloatVector SILU_FAR = constant(110);
    private static final FloatVector SILU_FAR_BELOW = constant(-110);
    /** tanh(x) = x + x z T(z), z = x^2, below this; T is fitted there for the least largest relative error. */
    private static final FloatVector TANH_SMALL = constant(0.625);
    private static final FloatVector T1 = constant(-0.33333282);
    private static final FloatVector T2 = constant(0.13331442);
    private static final FloatVector T3 = constant(-0.05373972);
    private static final FloatVector T4 = constant(0.02063909);
    private static final FloatVector T5 = constant(-0.00570499);

    private Activations() {
    }

    private static FloatVector constant(double value) {
        return FloatVector.broadcast(SPECIES, (float) value);
    }

    static FloatVector exp(FloatVector x) {
        return Exp.exp(x).blend(INFINITY, x.compare(GT, Exp.LARGEST));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector small = T5.fma(z, T4).fma(z, T3).fma(z, T2).fma(z, T1).mul(z).fma(x, x);
        FloatVector large = ONE.sub(TWO.div(exp(x.mul(TWO)).add(ONE)));
        return large.blend(small, x.abs().compare(LT, TANH_SMALL));
    }

    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(exp(x.neg()).add(ONE));
    }

    static FloatVector gelu(FloatVector x) {
        FloatVector e = exp(CUBIC.fma(x.mul(x), SCALE).mul(x));
        return x.max(LOWEST).div(e.add(ONE));
    }

    /** s + x s (1 - s) (2u)' with s = sigmoid(2u). */
    static FloatVector geluDerivative(FloatVector any) {
        FloatVector x = any.blend(GELU_FAR, any.compare(GT, GELU_FAR)).blend(GELU_FAR_BELOW,
                any.compare(LT, GELU_FAR_BELOW));
        FloatVector squared = x.mul(x);
        FloatVector s = ONE.div(exp(CUBIC.fma(squared, SCALE).mul(x)).add(ONE));
        FloatVector slope = CUBIC_SLOPE.fma(squared, SCALE).mul(x);
        return s.sub(ONE).mul(s).fma(slope, s);
    }

    static FloatVector silu(FloatVector x) {
        return x.max(LOWEST).div(exp(x.neg()).add(ONE));
    }

    /** s + x s (1 - s) with s = sigmoid(x). */
    static FloatVector siluDerivative(FloatVector any) {
        FloatVector x = any.blend(SILU_FAR, any.compare(GT, SILU_FAR)).blend(SILU_FAR_BELOW,
                any.compare(LT, SILU_FAR_BELOW));
        FloatVector s = sigmoid(x);
        return ONE.sub(s).mul(x).fma(s, s);
    }
}
