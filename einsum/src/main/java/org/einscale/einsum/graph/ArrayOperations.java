package org.einscale.einsum.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.Operation.Reduction;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce.custom.LogSumExp;
import org.nd4j.linalg.factory.Nd4j;

/** On arrays, at once. */
record ArrayOperations(DataType type, Set<INDArray> given) implements Operations<INDArray> {

    @Override
    public INDArray permute(INDArray x, int[] order) {
        return x.permute(order);
    }

    @Override
    public INDArray reshape(INDArray x, List<Extent> shape) {
        long[] sizes = sizes(shape);
        if (Arrays.equals(sizes, x.shape())) {
            return x;
        }
        INDArray whole = flat(x);
        // Reshaping to no axis at all makes one axis of 1 of it, unless there is a number to be made anew.
        return sizes.length == 0 ? Nd4j.scalar(type, whole.getDouble(0)) : whole.reshape('c', sizes);
    }

    private static long[] sizes(List<Extent> shape) {
        return shape.stream().mapToLong(Extent::known).toArray();
    }

    @Override
    public INDArray multiply(INDArray x, INDArray y) {
        return x.mul(y);
    }

    @Override
    public INDArray matmul(INDArray x, boolean transposeX, INDArray y, boolean transposeY) {
        INDArray left = flat(x);
        INDArray right = flat(y);
        if (left.rank() == 2) {
            // Nd4j.matmul copies an operand that is to be transposed; gemm hands it to BLAS with a flag.
            return Nd4j.gemm(left, right, transposeX, transposeY);
        }
        return Nd4j.exec(new Mmul(left, right, null,
                MMulTranspose.builder().transposeA(transposeX).transposeB(transposeY).build()))[0];
    }

    /** Reshaping and matrix products read elements that a stride of 0 repeats wrongly: only a copy has all of them. */
    private static INDArray flat(INDArray x) {
        return Arrays.stream(x.stride()).anyMatch(stride -> stride == 0) ? x.dup('c') : x;
    }

    @Override
    public INDArray reduce(Reduction reduction, INDArray x, List<Extent> shape, int[] axes) {
        return switch (reduction) {
            case SUM -> x.sum(axes);
            case MEAN -> x.mean(axes);
            case MAX -> x.max(axes);
            case MIN -> x.min(axes);
            case PROD -> x.prod(axes);
            case LOG_SUM_EXP -> Nd4j.exec(new LogSumExp(x, axes))[0];
        };
    }

    @Override
    public INDArray identity(long size) {
        return Nd4j.eye(size).castTo(type);
    }

    @Override
    public INDArray tile(INDArray x, int[] times) {
        return times.length == 0 ? x : Nd4j.tile(x, times);
    }

    @Override
    public INDArray zeros(List<Extent> shape) {
        return shape.isEmpty() ? Nd4j.scalar(type, 0) : Nd4j.zeros(type, sizes(shape));
    }

    @Override
    public INDArray result(INDArray x) {
        return given.contains(x) || x.isView() ? x.dup('c') : x;
    }
}
