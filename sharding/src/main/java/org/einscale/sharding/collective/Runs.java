package org.einscale.sharding.collective;

import java.util.Arrays;
import java.util.List;

/**
 * The elements of a box, as runs that have no gap in the sender's array and none in the receiver's.
 *
 * @param length
 *            elements of a run
 * @param count
 *            number of runs
 */
record Runs(long length, long count, int[] outer, long[] fromStrides, long[] toStrides, long fromStart, long toStart) {

    /** The longest ones. */
    static Runs of(Piece piece) {
        return of(piece, outer(piece));
    }

    /** For pieces with boxes of the same sizes, runs that are as long as they can be in all. */
    static List<Runs> alike(List<Piece> pieces) {
        int outer = pieces.stream().mapToInt(Runs::outer).max().orElse(0);
        return pieces.stream().map(piece -> of(piece, outer)).toList();
    }

    /** Axes of a box that cannot be part of a run. */
    private static int outer(Piece piece) {
        int outer = piece.sizes().length;
        long from = 1;
        long to = 1;
        long length = 1;
        while (outer > 0 && from == length && to == length) {
            outer--;
            from *= piece.fromShape()[outer];
            to *= piece.toShape()[outer];
            length *= piece.sizes()[outer];
        }
        return outer;
    }

    private static Runs of(Piece piece, int axes) {
        int rank = piece.sizes().length;
        long[] from = new long[rank];
        long[] to = new long[rank];
        long fromStart = 0;
        long toStart = 0;
        long fromVolume = 1;
        long toVolume = 1;
        for (int i = rank - 1; i >= 0; i--) {
            from[i] = fromVolume;
            to[i] = toVolume;
            fromStart += piece.fromStart()[i] * fromVolume;
            toStart += piece.toStart()[i] * toVolume;
            fromVolume *= piece.fromShape()[i];
            toVolume *= piece.toShape()[i];
        }
        int[] outer = Arrays.copyOf(piece.sizes(), axes);
        long count = 1;
        for (int size : outer) {
            count *= size;
        }
        long length = 1;
        for (int i = axes; i < rank; i++) {
            length *= piece.sizes()[i];
        }
        return new Runs(length, count, outer, from, to, fromStart, toStart);
    }

    /** First element of a run in the sender's array. */
    long from(long run) {
        return fromStart + offset(run, fromStrides);
    }

    /** First element of a run in the receiver's array. */
    long to(long run) {
        return toStart + offset(run, toStrides);
    }

    private long offset(long run, long[] strides) {
        long offset = 0;
        long rest = run;
        for (int i = outer.length - 1; i >= 0; i--) {
            offset += rest % outer[i] * strides[i];
            rest /= outer[i];
        }
        return offset;
    }
}
