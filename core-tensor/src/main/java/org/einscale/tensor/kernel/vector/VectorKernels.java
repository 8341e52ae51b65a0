package org.einscale.tensor.kernel.vector;

import java.util.Arrays;
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
import org.einscale.tensor.kernel.vector.reduction.MaximumKernel;
import org.einscale.tensor.kernel.vector.reduction.MinimumKernel;
import org.einscale.tensor.kernel.vector.reduction.ProductSums;
import org.einscale.tensor.kernel.vector.reduction.SumKernel;
import org.einscale.tensor.simd.Movement;

/**
 * The float32 kernels of the Java Vector API. Each is a class of its own, so that callers see many receiver types and C2
 * does not inline kernels into one another.
 */
final class VectorKernels implements Kernels {
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
            case NEGATE -> Arithmetic::negate;
            case ABS -> Arithmetic::abs;
            case SIGN -> Arithmetic::sign;
            case SQUARE -> Arithmetic::square;
            case SQRT -> Arithmetic::sqrt;
            case RECIPROCAL -> Arithmetic::reciprocal;
            case RECIPROCAL_SQRT -> Arithmetic::reciprocalSqrt;
            case RELU -> Arithmetic::relu;
            case HEAVISIDE -> Arithmetic::heaviside;
            case EXP -> Activations::exp;
            case TANH -> Activations::tanh;
            case SIGMOID -> Activations::sigmoid;
            case GELU -> Activations::gelu;
            case GELU_DERIVATIVE -> Activations::geluDerivative;
            case SILU -> Activations::silu;
            case SILU_DERIVATIVE -> Activations::siluDerivative;
            case LOG, SIN, COS -> PLAIN.unary(function);
        };
    }

    private static BinaryKernel kernel(Binary function) {
        return switch (function) {
            case ADD -> Pairs::add;
            case SUBTRACT -> Pairs::subtract;
            case MULTIPLY -> Pairs::multiply;
            case WEIGH -> Pairs::weigh;
            case DIVIDE -> Pairs::divide;
            case MAXIMUM -> Pairs::maximum;
            case MINIMUM -> Pairs::minimum;
            case GREATER -> Pairs::greater;
            case GREATER_EQUAL -> Pairs::greaterEqual;
            case EQUAL -> Pairs::equal;
            case POWER, POWER_BY_BASE, POWER_BY_EXPONENT -> PLAIN.binary(function);
        };
    }

    private static ReductionKernel kernel(Reduce kind) {
        return switch (kind) {
            case SUM -> new SumKernel();
            case PRODUCT -> PLAIN.reduction(kind);
            case MAXIMUM -> new MaximumKernel();
            case MINIMUM -> new MinimumKernel();
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
        Pairs.add(destination, destination, source, n);
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
