package org.einscale.tensor.random;

/**
 * A random order of {@code 0 ... size-1} for each epoch, any element of which is computed at once and without memory: a
 * Feistel network of random round functions (Luby and Rackoff 1988) on the smallest even number of bits that holds the
 * size, applied again while its result is outside (cycle walking, Black and Rogaway 2002).
 */
public final class Permutation {
    private static final int ROUNDS = 8;

    private final long size;
    private final Philox random;
    private final int halfBits;
    private final long halfMask;

    /** @param size 1 or more, at most 2^62 */
    public Permutation(long size, Philox random) {
        this.size = size;
        this.random = random;
        this.halfBits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(size - 1) + 1) / 2);
        this.halfMask = (1L << halfBits) - 1;
    }

    /** The element at a place in the order of an epoch. */
    public long at(long epoch, long place) {
        long element = place;
        do {
            element = encrypt(epoch, element);
        } while (element >= size);
        return element;
    }

    private long encrypt(long epoch, long element) {
        long left = element >>> halfBits;
        long right = element & halfMask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = left ^ random.bits((epoch * ROUNDS + round) << halfBits | right) & halfMask;
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }
}
