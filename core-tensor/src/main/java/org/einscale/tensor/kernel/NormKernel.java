package org.einscale.tensor.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.INDEX;
import static org.einscale.tensor.kernel.Lanes.ORDER;
import static org.einscale.tensor.kernel.Lanes.SPECIES;
import static org.einscale.tensor.memory.Raw.MEMORY;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Layer and RMS normalisation of rows, with their gradients, in float32. RMS normalisation is layer normalisation with
 * both means taken as 0.
 */
final class NormKernel {
    private NormKernel() {
    }

    static void layerNorm(long destination, long source, int rows, int n, double epsilon) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            normalize(destination + offset, source + offset, n, RowSums.sum(source + offset, n) / n, epsilon);
        }
    }

    static void rmsNorm(long destination, long source, int rows, int n, double epsilon) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            normalize(destination + offset, source + offset, n, 0, epsilon);
        }
    }

    static void layerNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            float mean = RowSums.sum(x + offset, n) / n;
            float meanGradient = RowSums.sum(dy + offset, n) / n;
            gradient(destination + offset, x + offset, dy + offset, n, mean, meanGradient, epsilon, add);
        }
    }

    static void rmsNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            gradient(destination + offset, x + offset, dy + offset, n, 0, 0, epsilon, add);
        }
    }

    private static void normalize(long destination, long source, int n, float mean, double epsilon) {
        scale(destination, source, n, mean, reciprocalDeviation(source, n, mean, epsilon));
    }

    private static float reciprocalDeviation(long x, int n, float mean, double epsilon) {
        return (float) (1 / Math.sqrt(RowSums.products(x, x, n, mean, mean) / (double) n + epsilon));
    }

    private static void scale(long destination, long source, int n, float shift, float factor) {
        FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
        FloatVector factors = FloatVector.broadcast(SPECIES, factor);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            fromMemorySegment(SPECIES, MEMORY, source + 4L * j, ORDER, mask).sub(shifts).mul(factors)
                    .intoMemorySegment(MEMORY, destination + 4L * j, ORDER, mask);
        }
    }

    /** One row of dx = s (dy - mean(dy)) - c s^3 mean(c dy) with c = x - mean and s = 1 / deviation. */
    private static void gradient(long destination, long x, long dy, int n, float mean, float meanGradient,
            double epsilon, boolean add) {
        float scale = reciprocalDeviation(x, n, mean, epsilon);
        float slope = -scale * scale * scale * RowSums.products(x, dy, n, mean, 0) / n;
        combine(destination, x, dy, n, mean, slope, scale, -scale * meanGradient, add);
    }

    /** slope (x[j] - mean) + scale dy[j] + shift. */
    private static void combine(long destination, long x, long dy, int n, float mean, float slope, float scale,
            float shift, boolean add) {
        FloatVector means = FloatVector.broadcast(SPECIES, mean);
        FloatVector slopes = FloatVector.broadcast(SPECIES, slope);
        FloatVector scales = FloatVector.broadcast(SPECIES, scale);
        FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector own = fromMemorySegment(SPECIES, MEMORY, dy + 4L * j, ORDER, mask).fma(scales, shifts);
            FloatVector dx = fromMemorySegment(SPECIES, MEMORY, x + 4L * j, ORDER, mask).sub(means).fma(slopes, own);
            if (add) {
                dx = fromMemorySegment(SPECIES, MEMORY, destination + 4L * j, ORDER, mask).add(dx);
            }
            Lanes.MINUS_ZERO.add(dx).intoMemorySegment(MEMORY, destination + 4L * j, ORDER, mask);
        }
    }
}
