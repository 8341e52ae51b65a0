package org.einscale.tensor.kernel.vector;

import static org.einscale.tensor.memory.Raw.FLOAT;

import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.random.Philox;

/** Random zeros and ones in float32, a block of four Philox words at a time. */
final class BernoulliKernel {
    private BernoulliKernel() {
    }

    static void bernoulli(long destination, int n, double keep, long key, long offset) {
        // uniform < keep, in units of 2^-32.
        long below = (long) Math.ceil(Math.clamp(keep, 0, 1) * 0x1p32);
        int i = 0;
        for (; i < n && ((offset + i) & 3) != 0; i++) {
            put(destination + FLOAT * i, Philox.bits(key, offset + i), below);
        }
        for (; i <= n - 4; i += 4) {
            block(destination + FLOAT * i, key, (offset + i) >>> 2, below);
        }
        for (; i < n; i++) {
            put(destination + FLOAT * i, Philox.bits(key, offset + i), below);
        }
    }

    private static void block(long destination, long key, long block, long below) {
        long first = Philox.half(key, block, 0, 0);
        long second = Philox.half(key, block, 0, 1);
        put(destination, (int) first, below);
        put(destination + FLOAT, (int) (first >>> 32), below);
        put(destination + FLOAT * 2, (int) second, below);
        put(destination + FLOAT * 3, (int) (second >>> 32), below);
    }

    private static void put(long destination, int bits, long below) {
        Raw.putFloat(destination, Integer.toUnsignedLong(bits) < below ? 1 : 0);
    }
}
