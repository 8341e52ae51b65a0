package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Axis;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * In a graph, which computes them when it runs.
 *
 * @param name
 *            of the result
 * @param open
 *            the size of each axis that is known then only
 */
record GraphOperations(SameDiff graph, DataType type, String name, Map<Axis, SDVariable> open)
        implements
            Operations<SDVariable> {

    @Override
    public SDVariable permute(SDVariable x, int[] order) {
        return graph.permute(x, order);
    }

    /** With a size of -1, which follows from the others, or with a shape that is put together when the graph runs. */
    @Override
    public SDVariable reshape(SDVariable x, List<Extent> shape) {
        if (shape.stream().filter(extent -> !extent.isKnown()).count() <= 1) {
            return graph.reshape(x,
                    shape.stream().mapToLong(extent -> extent.isKnown() ? extent.known() : -1).toArray());
        }
        return graph.reshape(x, graph.stack(0, shape.stream().map(this::size).toArray(SDVariable[]::new)));
    }

    private SDVariable size(Extent extent) {
        List<SDVariable> factors = new ArrayList<>(
                extent.open().stream().map(axis -> Objects.requireNonNull(open.get(axis))).toList());
        if (factors.isEmpty() || extent.known() != 1) {
            factors.add(graph.constant(Nd4j.scalar(extent.known())));
        }
        return factors.stream().reduce(SDVariable::mul).orElseThrow();
    }

    @Override
    public SDVariable multiply(SDVariable x, SDVariable y) {
        return x.mul(y);
    }

    @Override
    public SDVariable matmul(SDVariable x, boolean transposeX, SDVariable y, boolean transposeY) {
        return graph.mmul(x, y, transposeX, transposeY, false);
    }

    @Override
    public SDVariable reduce(Reduction reduction, SDVariable x, List<Extent> shape, int[] axes) {
        boolean mayBeVector = shape.size() == 2
                && shape.stream().anyMatch(extent -> !extent.isKnown() || extent.equals(Extent.ONE));
        if (mayBeVector) {
            // A graph cannot reduce a matrix of one row or column along its axis of size 1; it can with one more axis.
            return reduced(reduction, reshape(x, List.of(Extent.ONE, shape.getFirst(), shape.getLast())),
                    IntStream.concat(IntStream.of(0), Arrays.stream(axes).map(axis -> axis + 1)).toArray());
        }
        return reduced(reduction, x, axes);
    }

    private SDVariable reduced(Reduction reduction, SDVariable x, int[] axes) {
        return switch (reduction) {
            case SUM -> graph.sum(x, axes);
            case MEAN -> graph.mean(x, axes);
            case MAX -> graph.max(x, axes);
            case MIN -> graph.min(x, axes);
            case PROD -> graph.prod(x, axes);
            case LOG_SUM_EXP -> graph.math().logSumExp(x, axes);
        };
    }

    @Override
    public SDVariable identity(long size) {
        return graph.constant(Nd4j.eye(size).castTo(type));
    }

    @Override
    public SDVariable tile(SDVariable x, int[] times) {
        return times.length == 0 ? x : graph.tile(x, times);
    }

    @Override
    public SDVariable zeros(List<Extent> shape) {
        throw new IllegalArgumentException(
                name + ": an axis has size 0, of which a graph can make nothing; expected 1 or"
                        + " more");
    }

    @Override
    public SDVariable result(SDVariable x) {
        String unique = name;
        for (int i = 1; graph.hasVariable(unique); i++) {
            unique = name + " " + i;
        }
        return graph.identity(unique, x);
    }
}
