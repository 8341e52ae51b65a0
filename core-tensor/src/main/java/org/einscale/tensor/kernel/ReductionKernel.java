package org.einscale.tensor.kernel;

/**
 * Reduces a matrix by rows or by columns. Addresses are absolute, strides are in elements and may be 0, and elements of a row
 * lie side by side. The order in which numbers meet depends on the sizes and strides only. Without rows, or columns, to
 * combine, the result is the {@linkplain Reduce#neutral() neutral element}.
 */
public interface ReductionKernel {
    /**
     * destination[j] = source[0][j] combined with source[1][j], source[2][j] and so on.
     *
     * @param add whether to combine with what is in the destination instead of overwriting it
     */
    void rows(long destination, long source, long sourceRowStride, int rows, int n, boolean add);

    /**
     * destination[r * destinationStride] = source[r][0] combined with source[r][1], source[r][2] and so on.
     *
     * @param add whether to combine with what is in the destination instead of overwriting it
     */
    void columns(long destination, long destinationStride, long source, long sourceRowStride, int rows, int n,
            boolean add);
}
