package org.einscale.sharding.collective;

/**
 * The elements of a box, as runs that have no gap in the sender's array and none in the receiver's.
 *
 * @param length
 *            elements of a run
 * @param count
 *            number of runs
 */
record Runs(long length, long count, int[] outer, long[] fromStrides, long[] toStrides, long fromStart, long toStart) {

    static Runs of(Piece piece) {
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
        int inner = rank;
        long length = 1;
        while (inner > 0 && from[inner - 1] == length && to[inner - 1] == length) {
            inner--;
            length *= piece.sizes()[inner];
        }
        int[] outer = new int[inner];
        long count = 1;
        for (int i = 0; i < inner; i++) {
            outer[i] = piece.sizes()[i];
            count *= outer[i];
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
