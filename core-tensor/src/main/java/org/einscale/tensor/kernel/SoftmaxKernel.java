package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;
import static org.einscale.tensor.kernel.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax over rows, with its gradient, in float32. The passes over a row serve cross-entropy too.
 *
 * <p>Passes are called through an array that holds several of them, so that the compiler cannot tell which one it is and
 * keeps them apart: inlined into one another they exceed its budget, and it allocates their vectors.
 */
final class SoftmaxKernel {
    /** One pass over the first {@code kept} of n numbers; returns a number where the pass has one. */
    private interface Pass {
        float run(long destination, long source, long other, float argument, int kept, int n);
    }

    private static final int MAX = 0;
    private static final int EXPONENTIALS = 1;
    private static final int SUM = 2;
    private static final int SUM_OF_EXPONENTIALS = 3;
    private static final int SCALE = 4;
    private static final int GRADIENT = 5;
    private static final Pass[] PASSES = {(to, from, other, x, kept, n) -> max(from, kept),
        (to, from, other, x, kept, n) -> exponentials(to, from, x, kept),
        (to, from, other, x, kept, n) -> sum(from, kept),
        (to, from, other, x, kept, n) -> sumOfExponentials(from, x, kept),
        (to, from, other, x, kept, n) -> scale(to, x, kept, n),
        (to, from, other, x, kept, n) -> gradient(to, from, other, kept, n)};

    private SoftmaxKernel() {
    }

    private static float pass(int which, long destination, long source, long other, float argument, int kept, int n) {
        return PASSES[which].run(destination, source, other, argument, kept, n);
    }

    static void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            softmaxRow(destination + offset, source + offset, 1, ScalarRows.kept(r, n, causalPeriod), n);
        }
    }

    /** Softmax of the first {@code kept} of n numbers, times a factor; zeros over the others, which are not read. */
    static void softmaxRow(long destination, long source, float factor, int kept, int n) {
        float max = pass(MAX, source, source, source, 0, kept, n);
        pass(EXPONENTIALS, destination, source, source, max, kept, n);
        float sum = pass(SUM, destination, destination, destination, 0, kept, n);
        pass(SCALE, destination, destination, destination, factor / sum, kept, n);
    }

    /** log(sum(exp(source[j]))) of n numbers. */
    static double logSumExp(long source, int n) {
        float max = pass(MAX, source, source, source, 0, n, n);
        return Math.log(pass(SUM_OF_EXPONENTIALS, source, source, source, max, n, n)) + max;
    }

    static void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            pass(GRADIENT, destination + offset, y + offset, dy + offset, 0, ScalarRows.kept(r, n, causalPeriod), n);
        }
    }

    private static float gradient(long destination, long y, long dy, int kept, int n) {
        FloatVector sum = zero();
        for (int j = 0; j < kept; j += COUNT) {
            VectorMask<Float> mask = below(kept - j);
            sum = load(at(y, j), mask).fma(load(at(dy, j), mask), sum);
        }
        FloatVector dot = FloatVector.broadcast(Lanes.SPECIES, Lanes.sum(sum));
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(kept - j);
            FloatVector gradient = load(at(dy, j), mask).sub(dot).mul(load(at(y, j), mask));
            store(at(destination, j), Lanes.ZERO.blend(gradient, mask), below(n - j));
        }
        return 0;
    }

    /** The largest of n numbers, NaNs left out; minus infinity for none. */
    private static float max(long source, int n) {
        FloatVector max = FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector x = load(at(source, j), mask);
            max = max.blend(x, x.compare(VectorOperators.GT, max, mask));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** destination[j] = exp(source[j] - max). */
    private static float exponentials(long destination, long source, float max, int n) {
        FloatVector shift = FloatVector.broadcast(Lanes.SPECIES, max);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            store(at(destination, j), Exp.expNotAbove(load(at(source, j), mask).sub(shift)), mask);
        }
        return 0;
    }

    private static float sum(long source, int n) {
        FloatVector sum = zero();
        for (int j = 0; j < n; j += COUNT) {
            sum = sum.add(load(at(source, j), below(n - j)));
        }
        return Lanes.sum(sum);
    }

    /** The sum of exp(source[j] - max). */
    private static float sumOfExponentials(long source, float max, int n) {
        FloatVector sum = zero();
        FloatVector shift = FloatVector.broadcast(Lanes.SPECIES, max);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            sum = sum.add(Exp.expNotAbove(load(at(source, j), mask).sub(shift)), mask);
        }
        return Lanes.sum(sum);
    }

    /** Multiplies the first {@code kept} of n numbers and writes zeros over the others, which are not read. */
    private static float scale(long destination, float factor, int kept, int n) {
        FloatVector factors = FloatVector.broadcast(Lanes.SPECIES, factor);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(kept - j);
            FloatVector scaled = load(at(destination, j), mask).mul(factors);
            store(at(destination, j), Lanes.ZERO.blend(scaled, mask), below(n - j));
        }
        return 0;
    }
}
