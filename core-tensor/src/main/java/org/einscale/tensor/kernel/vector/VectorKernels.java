package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.simd.Lanes.ONE;
import static org.einscale.tensor.simd.Lanes.SPECIES;
import static org.einscale.tensor.simd.Lanes.ZERO;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.BinaryKernel;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.Reduce;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.kernel.Unary;
import org.einscale.tensor.kernel.UnaryKernel;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.kernel.vector.reduction.MatrixVector;
import org.einscale.tensor.kernel.vector.reduction.ProductSums;
import org.einscale.tensor.kernel.vector.reduction.ReductionLoops;
import org.einscale.tensor.simd.Copies;
import org.einscale.tensor.simd.Movement;

/**
 * The float32 kernels of the Java Vector API. Each is a class of its own, so that callers see many receiver types and C2
 * does not inline kernels into one another. Functions of a few operations run in a loop and a masked tail, longer ones in one
 * masked loop, as C2 would not take them twice.
 */
final class VectorKernels implements Kernels {
    private static final FloatVector MINUS_ONE = FloatVector.broadcast(SPECIES, -1);
    private static final Kernels PLAIN = ScalarKernels.of(Precision.FLOAT);
    static final VectorKernels FLOAT = new VectorKernels();

    private final UnaryKernel[] unaries;
    private final BinaryKernel[] binaries;
    private final ReductionKernel[] reductions;

    private VectorKernels() {
        unaries = Arrays.stream(Unary.values()).map(VectorKernels::kernel).toArray(UnaryKernel[]::new);
        binaries = Arrays.stream(Binary.values()).map(VectorKernels::kernel).toArray(BinaryKernel[]::new);
        reductions = Arrays.stream(Reduce.values()).map(VectorKernels::kernel).toArray(ReductionKernel[]::new);
    }

    private static UnaryKernel kernel(Unary function) {
        return switch (function) {
            case NEGATE -> loop(FloatVector::neg);
            case ABS -> loop(FloatVector::abs);
            case SIGN -> loop(x -> x.blend(ONE, x.compare(GT, ZERO)).blend(MINUS_ONE, x.compare(LT, ZERO)));
            case SQUARE -> loop(x -> x.mul(x));
            case SQRT -> loop(FloatVector::sqrt);
            case RECIPROCAL -> loop(x -> ONE.div(x));
            case RECIPROCAL_SQRT -> loop(x -> ONE.div(x.sqrt()));
            case RELU -> loop(x -> x.max(ZERO));
            case HEAVISIDE -> loop(x -> ZERO.blend(ONE, x.compare(GT, ZERO)));
            case EXP -> maskedLoop(Activations::exp);
            case TANH -> maskedLoop(Activations::tanh);
            case SIGMOID -> maskedLoop(Activations::sigmoid);
            case GELU -> maskedLoop(Activations::gelu);
            case GELU_DERIVATIVE -> maskedLoop(Activations::geluDerivative);
            case SILU -> maskedLoop(Activations::silu);
            case SILU_DERIVATIVE -> maskedLoop(Activations::siluDerivative);
            case LOG, SIN, COS -> PLAIN.unary(function);
        };
    }

    private static UnaryKernel loop(UnaryLoop.Function function) {
        return Copies.of(UnaryKernel.class, UnaryLoop.class, function);
    }

    private static UnaryKernel maskedLoop(UnaryLoop.Function function) {
        return Copies.of(UnaryKernel.class, MaskedLoop.class, function);
    }

    private static BinaryKernel kernel(Binary function) {
        return switch (function) {
            case ADD -> pairLoop(FloatVector::add);
            case SUBTRACT -> pairLoop(FloatVector::sub);
            case MULTIPLY -> pairLoop(FloatVector::mul);
            case WEIGH ->
                pairLoop((x, y) -> x.mul(y).blend(ZERO, x.compare(EQ, ZERO)).blend(ZERO, y.compare(EQ, ZERO)));
            case DIVIDE -> pairLoop(FloatVector::div);
            case MAXIMUM -> pairLoop(FloatVector::max);
            case MINIMUM -> pairLoop(FloatVector::min);
            case GREATER -> pairLoop((x, y) -> ZERO.blend(ONE, x.compare(GT, y)));
            case GREATER_EQUAL -> pairLoop((x, y) -> ZERO.blend(ONE, x.compare(GE, y)));
            case EQUAL -> pairLoop((x, y) -> ZERO.blend(ONE, x.compare(EQ, y)));
            case POWER, POWER_BY_BASE, POWER_BY_EXPONENT -> PLAIN.binary(function);
        };
    }

    private static BinaryKernel pairLoop(PairLoop.Function function) {
        return Copies.of(BinaryKernel.class, PairLoop.class, function);
    }

    private static ReductionKernel kernel(Reduce kind) {
        return switch (kind) {
            case SUM, MAXIMUM, MINIMUM -> Copies.of(ReductionKernel.class, ReductionLoops.class, kind);
            case PRODUCT -> PLAIN.reduction(kind);
        };
    }

    @Override
    public Precision precision() {
        return Precision.FLOAT;
    }

    @Override
    public UnaryKernel unary(Unary function) {
        return unaries[function.ordinal()];
    }

    @Override
    public BinaryKernel binary(Binary function) {
        return binaries[function.ordinal()];
    }

    @Override
    public ReductionKernel reduction(Reduce kind) {
        return reductions[kind.ordinal()];
    }

    @Override
    public void fill(long destination, double value, int n) {
        Movement.fill(destination, value, n);
    }

    @Override
    public void copy(long destination, long destinationStride, long source, long sourceStride, int n) {
        Movement.copy(destination, destinationStride, source, sourceStride, n);
    }

    @Override
    public void accumulate(long destination, long source, int n) {
        binary(Binary.ADD).run(destination, destination, source, n);
    }

    @Override
    public void transpose(long destination, long destinationRowStride, long source, long sourceRowStride, int rows,
            int columns) {
        TransposeKernel.transpose(destination, destinationRowStride, source, sourceRowStride, rows, columns);
    }

    @Override
    public void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        SoftmaxKernel.softmax(destination, source, rows, n, causalPeriod);
    }

    @Override
    public void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod) {
        SoftmaxKernel.softmaxGradient(destination, y, dy, rows, n, causalPeriod);
    }

    @Override
    public void layerNorm(long destination, long source, int rows, int n, double epsilon) {
        NormKernel.norm(destination, source, rows, n, true, epsilon);
    }

    @Override
    public void layerNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        NormKernel.normGradient(destination, x, dy, rows, n, true, epsilon, add);
    }

    @Override
    public void rmsNorm(long destination, long source, int rows, int n, double epsilon) {
        NormKernel.norm(destination, source, rows, n, false, epsilon);
    }

    @Override
    public void rmsNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        NormKernel.normGradient(destination, x, dy, rows, n, false, epsilon, add);
    }

    @Override
    public void crossEntropy(long loss, long logits, long targets, int rows, int n) {
        CrossEntropyKernel.crossEntropy(loss, logits, targets, rows, n);
    }

    @Override
    public void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n) {
        CrossEntropyKernel.crossEntropyGradient(destination, logits, targets, scale, rows, n);
    }

    @Override
    public void productGradient(long destination, long x, long dy, long rows, long n) {
        PLAIN.productGradient(destination, x, dy, rows, n);
    }

    @Override
    public void take(long destination, long table, long indices, long rows, long n, long tableRows) {
        TakeKernel.take(destination, table, indices, rows, n, tableRows);
    }

    @Override
    public void takeGradient(long table, long lost, long indices, long dy, long rows, long n, long tableRows) {
        TakeKernel.takeGradient(table, lost, indices, dy, rows, n, tableRows);
    }

    @Override
    public void multiplySumRows(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        ProductSums.rows(destination, a, aRowStride, b, bRowStride, rows, n, add);
    }

    @Override
    public void multiplySumColumns(long destination, long destinationStride, long a, long aRowStride, long b,
            long bRowStride, int rows, int n, boolean add) {
        if (bRowStride == 0) {
            MatrixVector.multiply(destination, destinationStride, a, aRowStride, b, rows, n, add);
        } else {
            ProductSums.columns(destination, destinationStride, a, aRowStride, b, bRowStride, rows, n, add);
        }
    }

    @Override
    public void scaleSumRows(long destination, long scale, long scaleStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        MatrixVector.multiplyTransposed(destination, scale, scaleStride, b, bRowStride, rows, n, add);
    }

    @Override
    public void bernoulli(long destination, int n, double keep, long key, long offset) {
        BernoulliKernel.bernoulli(destination, n, keep, key, offset);
    }
}
