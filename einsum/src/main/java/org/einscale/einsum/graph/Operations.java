package org.einscale.einsum.graph;

import java.util.List;
import org.einscale.einsum.program.Operation.Reduction;

/**
 * The few operations of ND4J that an einsum is written in. Axes are counted from 0.
 *
 * @param <T>
 *            what they work on
 */
interface Operations<T> {

    /** Axis i of the result is axis {@code order[i]} of x. */
    T permute(T x, int[] order);

    /** The elements of x, row by row, under another shape; none for a single number. */
    T reshape(T x, List<Extent> shape);

    /** Element by element; of each axis the sizes are equal, or one of them is 1. */
    T multiply(T x, T y);

    /** Matrix products of the last two axes, for every position along those before. */
    T matmul(T x, boolean transposeX, T y, boolean transposeY);

    /**
     * Combines along some axes, which the result lacks.
     *
     * @param shape
     *            of x
     */
    T reduce(Reduction reduction, T x, List<Extent> shape, int[] axes);

    /** 1 on the diagonal, and 0 elsewhere. */
    T identity(long size);

    /** The whole of x so many times along each axis. */
    T tile(T x, int[] times);

    T zeros(List<Extent> shape);

    /** What is handed back: under its name, if it has one, and apart from what was given. */
    T result(T x);
}
