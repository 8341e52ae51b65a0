package org.einscale.tensor.kernel;

/** A pointwise function of two arguments over contiguous runs. */
@FunctionalInterface
public interface BinaryKernel {
    /**
     * destination[i] = f(left[i], right[i]) for i below n.
     *
     * @param destination address, modified; may equal left or right, must not overlap them otherwise
     * @param left address, not modified
     * @param right address, not modified
     * @param n number of elements
     */
    void run(long destination, long left, long right, int n);
}
