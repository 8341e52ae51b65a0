package org.einscale.tensor.kernel;

/** A pointwise function over contiguous runs. */
@FunctionalInterface
public interface UnaryKernel {
    /**
     * destination[i] = f(source[i]) for i below n.
     *
     * @param destination address, modified; may equal source, must not overlap it otherwise
     * @param source address, not modified
     * @param n number of elements
     */
    void run(long destination, long source, int n);
}
