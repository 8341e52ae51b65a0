package org.einscale.einsum.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Softmax and the likelihoods made of it, row by row. */
final class Softmax {
    private Softmax() {
    }

    /** {@code exp(x) / sum exp(x)} along an axis, causal if there is an axis of query positions. */
    static INDArray of(INDArray x, List<Axis> axes, Axis axis, Optional<Axis> query) {
        List<Axis> order = new ArrayList<>(axes);
        query.ifPresent(q -> moveLast(order, q));
        moveLast(order, axis);
        ArrayRows rows = ArrayRows.of(x, axes, order);
        int queries = query.map(q -> Math.toIntExact(x.size(axes.indexOf(q)))).orElse(1);
        double[][] results = new double[rows.values().length][];
        for (int i = 0; i < results.length; i++) {
            int length = rows.values()[i].length;
            int visible = query.isPresent() ? Math.max(0, i % queries + 1 + length - queries) : length;
            results[i] = Arrays.copyOf(row(Arrays.copyOf(rows.values()[i], visible)), length);
        }
        return rows.array(results, x.shape());
    }

    private static void moveLast(List<Axis> order, Axis axis) {
        order.remove(axis);
        order.add(axis);
    }

    private static double[] row(double[] x) {
        double largest = Arrays.stream(x).max().orElse(0);
        double[] powers = Arrays.stream(x).map(v -> power(v, largest)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(p -> p / sum).toArray();
    }

    /** {@code exp(x - largest)}; 1 for the largest, be it infinite. */
    static double power(double x, double largest) {
        return x == largest ? 1 : Math.exp(x - largest);
    }

    /** {@code y * (dy - sum(y * dy))} along an axis. */
    static INDArray gradient(INDArray y, INDArray dy, List<Axis> axes, Axis axis) {
        ArrayRows results = ArrayRows.of(y, axes, axis);
        double[][] cotangents = ArrayRows.of(dy, axes, axis).values();
        double[][] gradients = new double[cotangents.length][];
        for (int i = 0; i < gradients.length; i++) {
            double[] p = results.values()[i];
            double dot = 0;
            for (int j = 0; j < p.length; j++) {
                dot += p[j] * cotangents[i][j];
            }
            gradients[i] = new double[p.length];
            for (int j = 0; j < p.length; j++) {
                gradients[i][j] = p[j] * (cotangents[i][j] - dot);
            }
        }
        return results.array(gradients, y.shape());
    }

    /** {@code log(sum exp(x)) - x[target]} along an axis; targets have the other axes, in their order. */
    static INDArray crossEntropy(INDArray logits, INDArray targets, List<Axis> axes, Axis axis) {
        double[] target = Layout.elements(targets);
        double[][] rows = ArrayRows.of(logits, axes, axis).values();
        double[] losses = new double[target.length];
        for (int i = 0; i < losses.length; i++) {
            int right = Lookup.index(target[i], logits.size(axes.indexOf(axis)), "target", axis);
            double largest = Arrays.stream(rows[i]).max().orElseThrow();
            double sum = Arrays.stream(rows[i]).map(x -> power(x, largest)).sum();
            losses[i] = Math.log(sum) + (rows[i][right] == largest ? 0 : largest - rows[i][right]);
        }
        return Layout.of(losses, targets.shape());
    }

    /** {@code (softmax(logits) - onehot(targets)) * dy} along an axis. */
    static INDArray crossEntropyGradient(INDArray logits, INDArray targets, INDArray dy, List<Axis> axes, Axis axis) {
        ArrayRows rows = ArrayRows.of(logits, axes, axis);
        double[] target = Layout.elements(targets);
        double[] cotangent = Layout.elements(dy);
        double[][] gradients = new double[rows.values().length][];
        for (int i = 0; i < gradients.length; i++) {
            double scale = cotangent[i];
            double[] p = row(rows.values()[i]);
            p[Lookup.index(target[i], p.length, "target", axis)] -= 1;
            gradients[i] = Arrays.stream(p).map(v -> v * scale).toArray();
        }
        return rows.array(gradients, logits.shape());
    }
}
