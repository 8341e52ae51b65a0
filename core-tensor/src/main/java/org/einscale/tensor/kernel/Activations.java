package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The activation functions and what they are made of: exp, tanh, sigmoid, GELU and SiLU with their derivatives. */
final class Activations {
    /** GELU(x) = x sigmoid(2u) with -2u = x (SCALE + CUBIC x^2), which is the tanh form written without tanh. */
    private static final FloatVector SCALE = constant(-2 * Unary.GELU_SCALE);
    private static final FloatVector CUBIC = constant(-2 * Unary.GELU_SCALE * Unary.GELU_CUBIC);
    private static final FloatVector CUBIC_SLOPE = constant(-6 * Unary.GELU_SCALE * Unary.GELU_CUBIC);
    private static final FloatVector TWO = constant(2);
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
        return FloatVector.broadcast(Lanes.SPECIES, (float) value);
    }

    static void exp(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), Exp.exp(load(at(source, i), mask)), mask);
        }
    }

    static void tanh(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), tanh(load(at(source, i), mask)), mask);
        }
    }

    static void sigmoid(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), sigmoid(load(at(source, i), mask)), mask);
        }
    }

    static void gelu(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), gelu(load(at(source, i), mask)), mask);
        }
    }

    static void geluDerivative(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), geluDerivative(load(at(source, i), mask)), mask);
        }
    }

    static void silu(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), silu(load(at(source, i), mask)), mask);
        }
    }

    static void siluDerivative(long destination, long source, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), siluDerivative(load(at(source, i), mask)), mask);
        }
    }

    private static FloatVector tanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector small = T5.fma(z, T4).fma(z, T3).fma(z, T2).fma(z, T1).mul(z).fma(x, x);
        FloatVector large = TWO.div(Exp.exp(x.mul(TWO)).add(Lanes.ONE));
        return Lanes.ONE.sub(large).blend(small, x.abs().compare(VectorOperators.LT, TANH_SMALL));
    }

    private static FloatVector sigmoid(FloatVector x) {
        return Lanes.ONE.div(Exp.exp(x.neg()).add(Lanes.ONE));
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector z = CUBIC.fma(x.mul(x), SCALE).mul(x);
        return x.div(Exp.exp(z).add(Lanes.ONE));
    }

    /** s + x s (1 - s) (2u)' with s = sigmoid(2u). */
    private static FloatVector geluDerivative(FloatVector x) {
        FloatVector squared = x.mul(x);
        FloatVector z = CUBIC.fma(squared, SCALE).mul(x);
        FloatVector s = Lanes.ONE.div(Exp.exp(z).add(Lanes.ONE));
        FloatVector slope = CUBIC_SLOPE.fma(squared, SCALE).mul(x);
        return s.sub(Lanes.ONE).mul(s).fma(slope, s);
    }

    private static FloatVector silu(FloatVector x) {
        return x.div(Exp.exp(x.neg()).add(Lanes.ONE));
    }

    private static FloatVector siluDerivative(FloatVector x) {
        FloatVector s = sigmoid(x);
        return Lanes.ONE.sub(s).mul(x).fma(s, s);
    }
}
