package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;
import static org.einscale.tensor.kernel.Lanes.zero;

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
            normalize(destination + offset, source + offset, n, sum(source + offset, n) / n, epsilon);
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
            float mean = sum(x + offset, n) / n;
            float meanGradient = sum(dy + offset, n) / n;
            gradient(destination + offset, x + offset, dy + offset, n, mean, meanGradient, epsilon, add);
        }
    }

    static void rmsNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            gradient(destination + offset, x + offset, dy + offset, n, 0, 0, epsilon, add);
        }
    }

    private static float sum(long source, int n) {
        FloatVector sum = zero();
        for (int j = 0; j < n; j += COUNT) {
            sum = sum.add(load(at(source, j), below(n - j)));
        }
        return Lanes.sum(sum);
    }

    private static void normalize(long destination, long source, int n, float mean, double epsilon) {
        FloatVector means = FloatVector.broadcast(Lanes.SPECIES, mean);
        FloatVector squares = zero();
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector centred = load(at(source, j), mask).sub(means, mask);
            squares = centred.fma(centred, squares);
        }
        FloatVector scale = FloatVector.broadcast(Lanes.SPECIES, reciprocalDeviation(squares, n, epsilon));
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            store(at(destination, j), load(at(source, j), mask).sub(means).mul(scale), mask);
        }
    }

    private static float reciprocalDeviation(FloatVector squares, int n, double epsilon) {
        return (float) (1 / Math.sqrt(Lanes.sum(squares) / (double) n + epsilon));
    }

    /** One row of dx = s (dy - mean(dy)) - c s^3 mean(c dy) with c = x - mean and s = 1 / deviation. */
    private static void gradient(long destination, long x, long dy, int n, float mean, float meanGradient,
            double epsilon, boolean add) {
        FloatVector means = FloatVector.broadcast(Lanes.SPECIES, mean);
        FloatVector squares = zero();
        FloatVector products = zero();
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector centred = load(at(x, j), mask).sub(means, mask);
            squares = centred.fma(centred, squares);
            products = centred.fma(load(at(dy, j), mask), products);
        }
        float scale = reciprocalDeviation(squares, n, epsilon);
        float slope = -scale * scale * scale * Lanes.sum(products) / n;
        FloatVector scales = FloatVector.broadcast(Lanes.SPECIES, scale);
        FloatVector slopes = FloatVector.broadcast(Lanes.SPECIES, slope);
        FloatVector shifts = FloatVector.broadcast(Lanes.SPECIES, -scale * meanGradient);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector own = load(at(dy, j), mask).fma(scales, shifts);
            FloatVector dx = load(at(x, j), mask).sub(means).fma(slopes, own);
            store(at(destination, j), add ? dx.add(load(at(destination, j), mask)) : dx, mask);
        }
    }
}
