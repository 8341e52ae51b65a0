package org.einscale.einsum.reference;

import java.util.List;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layer norm and RMS norm, row by row. */
final class Normalisation {
    private Normalisation() {
    }

    static INDArray of(Norm norm, INDArray x, List<Axis> axes, Axis axis, double epsilon) {
        ArrayRows rows = ArrayRows.of(x, axes, axis);
        double[][] results = new double[rows.values().length][];
        for (int i = 0; i < results.length; i++) {
            results[i] = row(norm, rows.values()[i], epsilon);
        }
        return rows.array(results, x.shape());
    }

    private static double[] row(Norm norm, double[] x, double epsilon) {
        double unit = unit(x, epsilon);
        double[] scaled = scaled(x, unit);
        double centre = centre(norm, scaled);
        double scale = scale(scaled, centre, epsilon * unit * unit);
        return java.util.Arrays.stream(scaled).map(v -> (v - centre) / scale).toArray();
    }

    /** A factor with which squares stay in range: of the largest number, or of sqrt(epsilon), it makes about 1, and 0 of an infinite one. */
    private static double unit(double[] x, double epsilon) {
        double largest = java.util.Arrays.stream(x).map(Math::abs).reduce(Math.sqrt(epsilon), Math::max);
        return Double.isInfinite(largest) ? 0 : Math.scalb(1.0, -Math.getExponent(largest));
    }

    /** Numbers times the unit; beside infinite ones all others are 0. */
    private static double[] scaled(double[] x, double unit) {
        return java.util.Arrays.stream(x).map(v -> Double.isInfinite(v) ? Math.signum(v) : v * unit).toArray();
    }

    private static double centre(Norm norm, double[] x) {
        return norm == Norm.LAYER ? mean(x, ones(x)) : 0;
    }

    /** {@code sqrt(mean((x - centre)^2) + epsilon)}. */
    private static double scale(double[] x, double centre, double epsilon) {
        double[] centred = java.util.Arrays.stream(x).map(v -> v - centre).toArray();
        return Math.sqrt(mean(centred, centred) + epsilon);
    }

    /**
     * Cotangent of x. With y the normalised row and s its scale: {@code (dy - mean(dy) - y mean(dy y)) / s} for layer norm,
     * {@code (dy - y mean(dy y)) / s} for RMS norm.
     */
    static INDArray gradient(Norm norm, INDArray x, INDArray dy, List<Axis> axes, Axis axis, double epsilon) {
        ArrayRows rows = ArrayRows.of(x, axes, axis);
        double[][] cotangents = ArrayRows.of(dy, axes, axis).values();
        double[][] gradients = new double[cotangents.length][];
        for (int i = 0; i < gradients.length; i++) {
            double[] cotangent = cotangents[i];
            double[] y = row(norm, rows.values()[i], epsilon);
            double shift = centre(norm, cotangent);
            double along = mean(cotangent, y);
            double unit = unit(rows.values()[i], epsilon);
            double[] scaled = scaled(rows.values()[i], unit);
            double scale = scale(scaled, centre(norm, scaled), epsilon * unit * unit);
            gradients[i] = IntStream.range(0, y.length)
                    .mapToDouble(j -> (cotangent[j] - shift - y[j] * along) / scale * unit).toArray();
        }
        return rows.array(gradients, x.shape());
    }

    private static double mean(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum() / a.length;
    }

    private static double[] ones(double[] like) {
        return java.util.Arrays.stream(like).map(_ -> 1).toArray();
    }
}
