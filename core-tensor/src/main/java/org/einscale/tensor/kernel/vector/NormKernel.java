package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.kernel.scalar.ScalarRows;
import org.einscale.tensor.kernel.vector.reduction.RowSums;
import org.einscale.tensor.simd.Lanes;

/**
 * Layer and RMS normalisation of rows, with their gradients, in float32. RMS normalisation is layer normalisation with
 * both means taken as 0.
 */
final class NormKernel {
    private static final float SMALLEST_SCALE = 1e-10f;

    private NormKernel() {
    }

    static void norm(long destination, long source, int rows, int n, boolean centred, double epsilon) {
        for (int r = 0; r < rows; r++) {
            long offset = FLOAT * r * n;
            normalize(destination + offset, source + offset, n, centred, epsilon);
        }
    }

    static void normGradient(long destination, long x, long dy, int rows, int n, boolean centred, double epsilon,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = FLOAT * r * n;
            gradient(destination + offset, x + offset, dy + offset, n, centred, epsilon, add);
        }
    }

    private static void normalize(long destination, long source, int n, boolean centred, double epsilon) {
        float mean = centred ? RowSums.sum(source, n) / n : 0;
        float scale = reciprocalDeviation(source, n, mean, epsilon);
        if (withinRange(scale)) {
            scale(destination, source, n, mean, scale);
        } else {
            ScalarRows.FLOAT.normalize(destination, source, n, centred, epsilon);
        }
    }

    /** Whether the scale and its cube are ordinary numbers, as they are unless squares left the range of float32 or nearly did. */
    private static boolean withinRange(float scale) {
        return scale > SMALLEST_SCALE && scale < 1 / SMALLEST_SCALE;
    }

    private static float reciprocalDeviation(long x, int n, float mean, double epsilon) {
        return (float) (1 / Math.sqrt(RowSums.products(x, x, n, mean, mean) / (double) n + epsilon));
    }

    private static void scale(long destination, long source, int n, float shift, float factor) {
        FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
        FloatVector factors = FloatVector.broadcast(SPECIES, factor);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            fromMemorySegment(SPECIES, MEMORY, source + FLOAT * j, ORDER, mask).sub(shifts).mul(factors)
                    .intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    /** One row of dx = s (dy - mean(dy)) - c s^3 mean(c dy) with c = x - mean and s = 1 / deviation; means 0 unless centred. */
    private static void gradient(long destination, long x, long dy, int n, boolean centred, double epsilon,
            boolean add) {
        float mean = centred ? RowSums.sum(x, n) / n : 0;
        float meanGradient = centred ? RowSums.sum(dy, n) / n : 0;
        float scale = reciprocalDeviation(x, n, mean, epsilon);
        if (!withinRange(scale)) {
            ScalarRows.FLOAT.normGradientRow(destination, x, dy, n, centred, epsilon, add);
            return;
        }
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
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector own = fromMemorySegment(SPECIES, MEMORY, dy + FLOAT * j, ORDER, mask).fma(scales, shifts);
            FloatVector dx = fromMemorySegment(SPECIES, MEMORY, x + FLOAT * j, ORDER, mask).sub(means).fma(slopes, own);
            if (add) {
                dx = fromMemorySegment(SPECIES, MEMORY, destination + FLOAT * j, ORDER, mask).add(dx);
            }
            Lanes.MINUS_ZERO.add(dx).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);

        }
    }
}
