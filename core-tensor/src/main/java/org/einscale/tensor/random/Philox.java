package org.einscale.tensor.random;

/**
 * Counter-based random numbers by Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). Every number is a pure function of seed, name and index, so it does not depend on threads or on the order in
 * which numbers are drawn. Streams of different names are independent.
 */
public final class Philox {
    static final int ROUNDS = 10;
    static final int MULTIPLIER_0 = 0xD2511F53;
    static final int MULTIPLIER_1 = 0xCD9E8D57;
    static final int WEYL_0 = 0x9E3779B9;
    static final int WEYL_1 = 0xBB67AE85;
    private static final int NORMAL_STREAM = 1;
    private static final double TWO_TO_MINUS_32 = 0x1p-32;
    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    private final long key;

    private Philox(long key) {
        this.key = key;
    }

    /** The stream of a seed and a name. */
    public static Philox of(long seed, String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return new Philox(mix(mix(seed) + hash));
    }

    /** What the static functions and the kernels take for this stream. */
    public long key() {
        return key;
    }

    /** 32 uniformly random bits. */
    public int bits(long index) {
        return bits(key, index);
    }

    /** A multiple of 2^-32 in [0, 1). */
    public double uniform(long index) {
        return uniform(key, index);
    }

    /** A multiple of 2^-53 in [0, 1), made of {@link #bits} 2 index and 2 index + 1. */
    public double fine(long index) {
        return (half(key, index >>> 1, 0, (int) index & 1) >>> 11) * TWO_TO_MINUS_53;
    }

    /** A draw from the standard normal distribution (Box and Muller 1958), from bits that {@link #bits} never uses. */
    public double normal(long index) {
        double first = ((half(key, index, NORMAL_STREAM, 0) >>> 11) + 1) * TWO_TO_MINUS_53;
        double second = (half(key, index, NORMAL_STREAM, 1) >>> 11) * TWO_TO_MINUS_53;
        return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
    }

    /** {@link #bits(long)} of the stream with this key: word {@code index mod 4} of block {@code index / 4}. */
    public static int bits(long key, long index) {
        long pair = half(key, index >>> 2, 0, (int) (index >>> 1) & 1);
        return (int) ((index & 1) == 0 ? pair : pair >>> 32);
    }

    /** {@link #uniform(long)} of the stream with this key. */
    public static double uniform(long key, long index) {
        return Integer.toUnsignedLong(bits(key, index)) * TWO_TO_MINUS_32;
    }

    /**
     * Two of the four words of a block, as one number with the earlier word in its low half.
     *
     * @param low lower 64 bits of the counter; {@link #bits} takes index i from the block at i / 4
     * @param high upper 64 bits of the counter, 0 for {@link #bits}
     * @param half 0 for words 0 and 1, 1 for words 2 and 3
     */
    public static long half(long key, long low, long high, int half) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c0);
            long p1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c2);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return half == 0 ? pair(c0, c1) : pair(c2, c3);
    }

    private static long pair(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << 32;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        long a = z + 0x9E3779B97F4A7C15L;
        a = (a ^ (a >>> 30)) * 0xBF58476D1CE4E5B9L;
        a = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return a ^ (a >>> 31);
    }
}
