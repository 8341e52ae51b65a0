package org.einscale.einsum.reference;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products of many numbers, with an exponent that does not overflow. */
final class Product {
    private Product() {
    }

    /** The cotangent of each element of x: dy, which lacks the axes that were multiplied along, times all elements but that one. */
    static INDArray gradient(INDArray x, INDArray dy, List<Axis> axes, List<Axis> kept) {
        List<Axis> order = Layout.joined(kept, Layout.without(axes, kept));
        INDArray ordered = Layout.permute(x, axes, order);
        double[] factors = Layout.elements(ordered);
        double[] cotangents = Layout.elements(dy);
        int n = cotangents.length == 0 ? 0 : factors.length / cotangents.length;
        double[] gradients = IntStream.range(0, factors.length).mapToDouble(i -> {
            int row = i / n;
            return of(cotangents[row], IntStream.range(row * n, (row + 1) * n).filter(j -> j != i)
                    .mapToDouble(j -> factors[j]));
        }).toArray();
        return Layout.permute(Layout.of(gradients, ordered.shape()), order, axes);
    }

    private static double of(double dy, DoubleStream others) {
        double[] factors = DoubleStream.concat(DoubleStream.of(dy), others).toArray();
        if (dy == 0) {
            return 0;
        }
        if (!DoubleStream.of(factors).allMatch(Double::isFinite)) {
            return DoubleStream.of(factors).map(f -> Double.isFinite(f) ? Math.signum(f) : f).reduce(1,
                    (a, b) -> a * b);
        }
        return DoubleStream.of(factors).mapToObj(BigDecimal::new)
                .reduce(BigDecimal.ONE, (a, b) -> a.multiply(b, MathContext.DECIMAL128)).doubleValue();
    }
}
