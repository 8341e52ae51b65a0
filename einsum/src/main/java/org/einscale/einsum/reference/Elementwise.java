package org.einscale.einsum.reference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Positions;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.einscale.tensor.random.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Expressions at every element, reductions over elements, and elements that depend on nothing but their position. */
final class Elementwise {
    private Elementwise() {
    }

    /** An expression of operands that have all been repeated to the result's shape. */
    static INDArray map(Pointwise expression, List<INDArray> operands, Sizes sizes, long[] shape) {
        List<double[]> values = operands.stream().map(Layout::elements).toList();
        return Layout.of(IntStream.range(0, Math.toIntExact(Layout.volume(shape)))
                .mapToDouble(i -> at(expression, values, i, sizes))
                .toArray(), shape);
    }

    private static double at(Pointwise expression, List<double[]> operands, int element, Sizes sizes) {
        return switch (expression) {
            case Pointwise.Operand(int index) -> operands.get(index)[element];
            case Pointwise.Constant(double value) -> value;
            case Pointwise.Volume(List<Axis> axes) -> sizes.volume(axes);
            case Pointwise.Start(Axis axis) -> sizes.start(axis);
            case Pointwise.Apply(Unary function, Pointwise argument) ->
                function.apply(at(argument, operands, element, sizes));
            case Pointwise.Combine(Binary function, Pointwise left, Pointwise right) ->
                function.apply(at(left, operands, element, sizes), at(right, operands, element, sizes));
        };
    }

    /** Combines the elements along the axes that are not kept. */
    static INDArray reduce(Reduction reduction, INDArray x, List<Axis> axes, List<Axis> kept, long[] shape) {
        long rows = Layout.volume(shape);
        if (rows > 0 && x.length() == 0) {
            return Layout.filled(switch (reduction) {
                case SUM -> 0;
                case MEAN -> Double.NaN;
                case MAX -> Double.NEGATIVE_INFINITY;
                case MIN -> Double.POSITIVE_INFINITY;
                case PROD -> 1;
                case LOG_SUM_EXP -> Double.NEGATIVE_INFINITY;
            }, shape);
        }
        if (rows == 0) {
            return Layout.filled(0, shape);
        }
        List<Axis> order = Layout.joined(kept, Layout.without(axes, kept));
        INDArray matrix = Layout.reshape(Layout.permute(x, axes, order), rows, x.length() / rows);
        return Layout.reshape(switch (reduction) {
            case SUM -> matrix.sum(1);
            case MEAN -> matrix.mean(1);
            case MAX -> matrix.max(1);
            case MIN -> matrix.min(1);
            case PROD -> matrix.prod(1);
            case LOG_SUM_EXP -> logSumExp(Layout.elements(matrix), Math.toIntExact(rows));
        }, shape);
    }

    /** Of each row of a matrix: {@code max + log(sum(exp(x - max)))}, and max itself where that is infinite. */
    private static INDArray logSumExp(double[] matrix, int rows) {
        int n = matrix.length / rows;
        return Layout.of(IntStream.range(0, rows).mapToDouble(r -> {
            double[] row = Arrays.copyOfRange(matrix, r * n, (r + 1) * n);
            double max = Arrays.stream(row).max().orElseThrow();
            double sum = Arrays.stream(row).map(x -> Math.exp(x - max)).sum();
            return Double.isInfinite(max) ? max : max + Math.log(sum);
        }).toArray(), new long[]{rows});
    }

    /** start, start + 1, ... */
    static INDArray iota(int start, long[] shape) {
        return Layout.of(IntStream.range(start, start + Math.toIntExact(shape[0])).asDoubleStream().toArray(), shape);
    }

    /** At position i of a whole of n elements in row-major order: whether draw {@code step * n + i} of the stream is below keep. */
    static INDArray bernoulli(double keep, Philox stream, long step, Positions positions, long[] shape) {
        long first = step * positions.whole();
        return Layout.of(LongStream.range(0, positions.runs())
                .flatMap(run -> LongStream.range(0, positions.run()).map(i -> positions.start(run) + i))
                .mapToDouble(i -> stream.uniform(first + i) < keep ? 1 : 0).toArray(), shape);
    }
}
