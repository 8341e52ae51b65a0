package org.einscale.tensor.kernel;

import org.einscale.tensor.Precision;

/**
 * The inner loops of all operations that are not matrix products. Arguments of type {@code long} are absolute byte
 * addresses of off-heap memory, {@code n} is the length of a row in elements, strides are in elements, arrays are
 * row-major, rows contiguous unless a stride is given. A destination may equal a source, except in {@link #transpose},
 * {@link #take}, {@link #takeGradient} and sums or other reductions; partial overlap is not allowed. Nothing is checked and nothing is allocated.
 *
 * <p>All implementations are stateless and safe for use by many threads.
 */
public interface Kernels {
    /** The format of every array these kernels touch. */
    Precision precision();

    /** The kernel of a pointwise function, always the same object. */
    UnaryKernel unary(Unary function);

    /** The kernel of a pointwise function, always the same object. */
    BinaryKernel binary(Binary function);

    /**
     * The kernel of a reduction, always the same object. A product is as exact as one in double whose exponent has no bounds,
     * rounded once: the products of some of the numbers may leave the range.
     */
    ReductionKernel reduction(Reduce kind);

    /** destination[i] = value. */
    void fill(long destination, double value, int n);

    /** destination[i * destinationStride] = source[i * sourceStride]; source stride 0 repeats one element. */
    void copy(long destination, long destinationStride, long source, long sourceStride, int n);

    /** destination[i] += source[i]. */
    void accumulate(long destination, long source, int n);

    /** destination[c][r] = source[r][c], for a source of {@code rows} by {@code columns}. */
    void transpose(long destination, long destinationRowStride, long source, long sourceRowStride, int rows,
            int columns);

    /**
     * Row-wise exp(x - max) / sum. With a causal period p above 0, row r is a query at position q = r mod p and keeps its
     * first q + 1 + (n - p) entries; the others are neither read nor weighed, and zeros are written for them.
     *
     * @param causalPeriod number of queries in a sequence, or 0 for no mask
     */
    void softmax(long destination, long source, int rows, int n, int causalPeriod);

    /** Row-wise y * (dy - sum(y * dy)), zeros where masked as in {@link #softmax}. */
    void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod);

    /** Row-wise (x - mean) / sqrt(variance + epsilon), biased variance (Ba, Kiros and Hinton 2016). */
    void layerNorm(long destination, long source, int rows, int n, double epsilon);

    /**
     * Gradient of {@link #layerNorm}, which recomputes mean and deviation from x.
     *
     * @param add whether to add to the destination instead of overwriting it
     */
    void layerNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add);

    /** Row-wise x / sqrt(mean(x^2) + epsilon) (Zhang and Sennrich 2019). */
    void rmsNorm(long destination, long source, int rows, int n, double epsilon);

    /**
     * Gradient of {@link #rmsNorm}.
     *
     * @param add whether to add to the destination instead of overwriting it
     */
    void rmsNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add);

    /**
     * loss[r] = log(sum(exp(logits[r]))) - logits[r][targets[r]], in nats.
     *
     * @param targets token ids, stored as floating-point numbers of this precision
     * @throws IndexOutOfBoundsException if a target is not in [0, n)
     */
    void crossEntropy(long loss, long logits, long targets, int rows, int n);

    /**
     * destination[r] = (softmax(logits[r]) - onehot(targets[r])) * scale[r].
     *
     * @throws IndexOutOfBoundsException if a target is not in [0, n)
     */
    void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n);

    /**
     * destination[r][j] = dy[r] * the product of x[r][i] over all i but j: the gradient of a row's product. As exact as a
     * product in double, also where products of some of the numbers leave its range; an infinity or zero concerns the others only.
     */
    void productGradient(long destination, long x, long dy, long rows, long n);

    /**
     * destination[r] = table[indices[r]], rows of n elements; indices are stored as floating-point numbers.
     *
     * @throws IndexOutOfBoundsException if an index is not in [0, tableRows)
     */
    void take(long destination, long table, long indices, long rows, long n, long tableRows);

    /**
     * Sets the table to zero, then table[indices[r]] += dy[r] in the order of r, with what rounding has lost so far: a row that is
     * named a million times is as exact as others.
     *
     * @param lost space for as many numbers as the table has, overwritten
     * @throws IndexOutOfBoundsException if an index is not in [0, tableRows)
     */
    void takeGradient(long table, long lost, long indices, long dy, long rows, long n, long tableRows);

    /**
     * destination[j] = sum over r of a[r][j] * b[r][j].
     *
     * @param add whether to add to the destination instead of overwriting it
     */
    void multiplySumRows(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add);

    /**
     * destination[r * destinationStride] = sum over j of a[r][j] * b[r][j]. Row stride 0 makes b one row for all: matrix
     * times vector.
     *
     * @param add whether to add to the destination instead of overwriting it
     */
    void multiplySumColumns(long destination, long destinationStride, long a, long aRowStride, long b, long bRowStride,
            int rows, int n, boolean add);

    /**
     * destination[j] = sum over r of scale[r * scaleStride] * b[r][j]: transposed matrix times vector.
     *
     * @param add whether to add to the destination instead of overwriting it
     */
    void scaleSumRows(long destination, long scale, long scaleStride, long b, long bRowStride, int rows, int n,
            boolean add);

    /**
     * destination[i] = 1 where {@code Philox.uniform(key, offset + i)} is below keep, else 0.
     *
     * @param key from {@link org.einscale.tensor.random.Philox#key()}
     */
    void bernoulli(long destination, int n, double keep, long key, long offset);

}
