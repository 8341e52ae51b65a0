package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ONE;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.kernel.Unary;
import org.einscale.tensor.simd.Exp;

/** The activation functions and what they are made of: exp, tanh, sigmoid, GELU and SiLU with their derivatives. */
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

    static void exp(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector y = Exp.exp(x).blend(INFINITY, x.compare(GT, Exp.LARGEST));
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void tanh(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector z = x.mul(x);
            FloatVector small = T5.fma(z, T4).fma(z, T3).fma(z, T2).fma(z, T1).mul(z).fma(x, x);
            FloatVector w = x.mul(TWO);
            FloatVector e = Exp.exp(w).blend(INFINITY, w.compare(GT, Exp.LARGEST));
            FloatVector large = ONE.sub(TWO.div(e.add(ONE)));
            FloatVector y = large.blend(small, x.abs().compare(LT, TANH_SMALL));
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void sigmoid(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector z = x.neg();
            FloatVector e = Exp.exp(z).blend(INFINITY, z.compare(GT, Exp.LARGEST));
            FloatVector y = ONE.div(e.add(ONE));
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void gelu(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector z = CUBIC.fma(x.mul(x), SCALE).mul(x);
            FloatVector e = Exp.exp(z).blend(INFINITY, z.compare(GT, Exp.LARGEST));
            FloatVector y = x.max(LOWEST).div(e.add(ONE));
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    /** s + x s (1 - s) (2u)' with s = sigmoid(2u). */
    static void geluDerivative(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector any = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector x = any.blend(GELU_FAR, any.compare(GT, GELU_FAR)).blend(GELU_FAR_BELOW,
                    any.compare(LT, GELU_FAR_BELOW));
            FloatVector squared = x.mul(x);
            FloatVector z = CUBIC.fma(squared, SCALE).mul(x);
            FloatVector e = Exp.exp(z).blend(INFINITY, z.compare(GT, Exp.LARGEST));
            FloatVector s = ONE.div(e.add(ONE));
            FloatVector slope = CUBIC_SLOPE.fma(squared, SCALE).mul(x);
            FloatVector y = s.sub(ONE).mul(s).fma(slope, s);
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void silu(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector z = x.neg();
            FloatVector e = Exp.exp(z).blend(INFINITY, z.compare(GT, Exp.LARGEST));
            FloatVector y = x.max(LOWEST).div(e.add(ONE));
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    /** s + x s (1 - s) with s = sigmoid(x). */
    static void siluDerivative(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector any = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FloatVector x = any.blend(SILU_FAR, any.compare(GT, SILU_FAR)).blend(SILU_FAR_BELOW,
                    any.compare(LT, SILU_FAR_BELOW));
            FloatVector z = x.neg();
            FloatVector e = Exp.exp(z).blend(INFINITY, z.compare(GT, Exp.LARGEST));
            FloatVector s = ONE.div(e.add(ONE));
            FloatVector y = ONE.sub(s).mul(x).fma(s, s);
            y.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);

        }
    }
}
