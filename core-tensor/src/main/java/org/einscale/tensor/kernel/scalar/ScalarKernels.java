package org.einscale.tensor.kernel.scalar;

import java.util.ArrayList;
import java.util.List;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.BinaryKernel;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.Reduce;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.kernel.Unary;
import org.einscale.tensor.kernel.UnaryKernel;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.random.Philox;

/** The plain kernels of one precision: loops as in a textbook, which compute in double and round when they store. */
public final class ScalarKernels implements Kernels {
    private static final ScalarKernels FLOAT = new ScalarKernels(Precision.FLOAT);
    private static final ScalarKernels DOUBLE = new ScalarKernels(Precision.DOUBLE);

    private final Precision precision;
    private final int bytes;
    private final List<UnaryKernel> unaries = new ArrayList<>();
    private final List<BinaryKernel> binaries = new ArrayList<>();
    private final List<ReductionKernel> kernels = new ArrayList<>();
    private final ScalarRows rows;
    private final ScalarReductions reductions;
    private final ScalarProducts products;

    private ScalarKernels(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
        this.rows = new ScalarRows(precision);
        this.reductions = new ScalarReductions(precision);
        this.products = new ScalarProducts(precision);
        for (Unary function : Unary.values()) {
            unaries.add((destination, source, n) -> map(function, destination, source, n));
        }
        for (Binary function : Binary.values()) {
            binaries.add((destination, left, right, n) -> map(function, destination, left, right, n));
        }
        for (Reduce kind : Reduce.values()) {
            kernels.add(kind == Reduce.PRODUCT ? products : reductions.kernel(kind));
        }
    }

    /** The kernels of a precision: what the fast ones are tested against. */
    public static Kernels of(Precision precision) {
        return precision == Precision.FLOAT ? FLOAT : DOUBLE;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public UnaryKernel unary(Unary function) {
        return unaries.get(function.ordinal());
    }

    @Override
    public BinaryKernel binary(Binary function) {
        return binaries.get(function.ordinal());
    }

    private double get(long address, long index) {
        return Raw.get(precision, address + index * bytes);
    }

    private void put(long address, long index, double value) {
        Raw.put(precision, address + index * bytes, value);
    }

    private void map(Unary function, long destination, long source, int n) {
        for (int i = 0; i < n; i++) {
            put(destination, i, function.apply(get(source, i)));
        }
    }

    private void map(Binary function, long destination, long left, long right, int n) {
        for (int i = 0; i < n; i++) {
            put(destination, i, function.apply(get(left, i), get(right, i)));
        }
    }

    @Override
    public ReductionKernel reduction(Reduce kind) {
        return kernels.get(kind.ordinal());
    }

    @Override
    public void fill(long destination, double value, int n) {
        for (int i = 0; i < n; i++) {
            put(destination, i, value);
        }
    }

    @Override
    public void copy(long destination, long destinationStride, long source, long sourceStride, int n) {
        for (long i = 0; i < n; i++) {
            put(destination, i * destinationStride, get(source, i * sourceStride));
        }
    }

    @Override
    public void accumulate(long destination, long source, int n) {
        for (int i = 0; i < n; i++) {
            put(destination, i, get(destination, i) + get(source, i));
        }
    }

    @Override
    public void transpose(long destination, long destinationRowStride, long source, long sourceRowStride, int rows,
            int columns) {
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < columns; c++) {
                put(destination, c * destinationRowStride + r, get(source, r * sourceRowStride + c));
            }
        }
    }

    @Override
    public void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        this.rows.softmax(destination, source, rows, n, causalPeriod);
    }

    @Override
    public void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod) {
        this.rows.softmaxGradient(destination, y, dy, rows, n, causalPeriod);
    }

    @Override
    public void layerNorm(long destination, long source, int rows, int n, double epsilon) {
        this.rows.norm(destination, source, rows, n, true, epsilon);
    }

    @Override
    public void layerNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        this.rows.normGradient(destination, x, dy, rows, n, true, epsilon, add);
    }

    @Override
    public void rmsNorm(long destination, long source, int rows, int n, double epsilon) {
        this.rows.norm(destination, source, rows, n, false, epsilon);
    }

    @Override
    public void rmsNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        this.rows.normGradient(destination, x, dy, rows, n, false, epsilon, add);
    }

    @Override
    public void crossEntropy(long loss, long logits, long targets, int rows, int n) {
        this.rows.crossEntropy(loss, logits, targets, rows, n);
    }

    @Override
    public void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n) {
        this.rows.crossEntropyGradient(destination, logits, targets, scale, rows, n);
    }

    @Override
    public void productGradient(long destination, long x, long dy, long rows, long n) {
        this.products.gradient(destination, x, dy, rows, n);
    }

    @Override
    public void take(long destination, long table, long indices, long rows, long n, long tableRows) {
        for (long r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(get(indices, r), r, tableRows);
            for (long j = 0; j < n; j++) {
                put(destination, r * n + j, get(table, index * n + j));
            }
        }
    }

    @Override
    public void takeGradient(long table, long lost, long indices, long dy, long rows, long n, long tableRows) {
        for (long i = 0; i < tableRows * n; i++) {
            put(table, i, 0);
            put(lost, i, 0);
        }
        for (long r = 0; r < rows; r++) {
            long offset = ScalarRows.checkedIndex(get(indices, r), r, tableRows) * n * bytes;
            add(table + offset, lost + offset, dy + r * n * bytes, n);
        }
    }

    /** sums + lost += source, where the sums are rounded (Kahan 1965); infinite ones lose nothing. */
    private void add(long sums, long lost, long source, long n) {
        for (long i = 0; i < n; i++) {
            double before = get(sums, i);
            double addend = get(source, i) + get(lost, i);
            put(sums, i, before + addend);
            double rest = addend - (get(sums, i) - before);
            put(lost, i, Double.isFinite(rest) ? rest : 0);
        }
    }

    @Override
    public void multiplySumRows(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        reductions.multiplySumRows(destination, a, aRowStride, b, bRowStride, rows, n, add);
    }

    @Override
    public void multiplySumColumns(long destination, long destinationStride, long a, long aRowStride, long b,
            long bRowStride, int rows, int n, boolean add) {
        reductions.multiplySumColumns(destination, destinationStride, a, aRowStride, b, bRowStride, rows, n, add);
    }

    @Override
    public void scaleSumRows(long destination, long scale, long scaleStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        reductions.scaleSumRows(destination, scale, scaleStride, b, bRowStride, rows, n, add);
    }

    @Override
    public void bernoulli(long destination, int n, double keep, long key, long offset) {
        for (int i = 0; i < n; i++) {
            put(destination, i, Philox.uniform(key, offset + i) < keep ? 1 : 0);

        }
    }
}
