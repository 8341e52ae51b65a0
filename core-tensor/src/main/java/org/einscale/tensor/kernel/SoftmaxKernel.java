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

/** Softmax over rows, with its gradient, in float32. The parts of a row serve cross-entropy too. */
final class SoftmaxKernel {
    private SoftmaxKernel() {
    }

    static void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            int kept = ScalarRows.kept(r, n, causalPeriod);
            float sum = exponentials(destination + offset, source + offset, max(source + offset, kept), kept);
            scale(destination + offset, 1 / sum, kept, n);
        }
    }

    static void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            int kept = ScalarRows.kept(r, n, causalPeriod);
            gradientRow(destination + offset, y + offset, dy + offset, kept, n);
        }
    }

    private static void gradientRow(long destination, long y, long dy, int kept, int n) {
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
    }

    /** The largest of n numbers, NaNs left out; minus infinity for none. */
    static float max(long source, int n) {
        FloatVector max = FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector x = load(at(source, j), mask);
            max = max.blend(x, x.compare(VectorOperators.GT, max, mask));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** destination[j] = exp(source[j] - max); returns their sum. */
    static float exponentials(long destination, long source, float max, int n) {
        FloatVector sum = zero();
        FloatVector shift = FloatVector.broadcast(Lanes.SPECIES, max);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector e = Exp.expNotAbove(load(at(source, j), mask).sub(shift));
            store(at(destination, j), e, mask);
            sum = sum.add(e, mask);
        }
        return Lanes.sum(sum);
    }

    /** The sum of exp(source[j] - max). */
    static float sumOfExponentials(long source, float max, int n) {
        FloatVector sum = zero();
        FloatVector shift = FloatVector.broadcast(Lanes.SPECIES, max);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            sum = sum.add(Exp.expNotAbove(load(at(source, j), mask).sub(shift)), mask);
        }
        return Lanes.sum(sum);
    }

    /** Multiplies the first {@code kept} of n numbers and writes zeros over the others, which are not read. */
    static void scale(long destination, float factor, int kept, int n) {
        FloatVector factors = FloatVector.broadcast(Lanes.SPECIES, factor);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(kept - j);
            FloatVector scaled = load(at(destination, j), mask).mul(factors);
            store(at(destination, j), Lanes.ZERO.blend(scaled, mask), below(n - j));
        }
    }
}
