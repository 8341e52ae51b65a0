package org.einscale.tensor.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.ProductRates;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.profile.Rates;

/** Measures the rates of this machine on the calling thread. */
final class Measurement {
    /** Nanoseconds that each rate is measured for; of as many before the compilers finish with the code. */
    private static final long SHARE = 250_000_000L;
    /** Elements of a row in an L1 cache. */
    private static final int ROW = 1024;
    private static final int REPEATED = 32;
    /** Elements from one that is copied alone to the next. */
    private static final int APART = 67;
    /** Elements that no cache holds. */
    private static final long FAR = 32 << 20;

    private final Kernels kernels = Kernels.of(Precision.FLOAT);
    private final LongSupplier clock;

    /** @param clock nanoseconds */
    Measurement(LongSupplier clock) {
        this.clock = clock;
    }

    /** Measures everything, in about five seconds. */
    Rates rates() {
        try (Arena arena = Arena.ofConfined()) {
            ProductRates products = new ProductRates(arena);
            MemorySegment near = arena.allocate((long) ROW * APART * Float.BYTES * 2, 64);
            double unpacked = ProductRates.unpacks() ? rate(products::unpackedSgemm) : 0;
            double call = 2 / rate(products::call);
            return new Rates(rate(products::sgemm), unpacked, rate(products::packedTile), rate(products::dotTile),
                    rate(() -> rows(near)), rate(() -> copied(near)), rate(() -> scattered(near)), memory(arena), call)
                    .rounded();
        }
    }

    /** The most of some work that is done in a nanosecond, once warm. */
    private double rate(DoubleSupplier work) {
        best(work);
        return best(work);
    }

    private double best(DoubleSupplier work) {
        double best = 0;
        long end = clock.getAsLong() + SHARE;
        long now = clock.getAsLong();
        while (now < end) {
            double done = work.getAsDouble();
            long then = now;
            now = clock.getAsLong();
            best = Math.max(best, done / Math.max(1, now - then));
        }
        return best;
    }

    private double rows(MemorySegment memory) {
        long a = memory.address();
        for (int i = 0; i < REPEATED; i++) {
            kernels.multiplySumColumns(a, 1, a + ROW * Float.BYTES, 0, a + 2L * ROW * Float.BYTES, 0, 1, ROW, false);
        }
        return (double) REPEATED * ROW;
    }

    private double copied(MemorySegment memory) {
        long a = memory.address();
        for (int i = 0; i < REPEATED; i++) {
            kernels.copy(a, 1, a + 2L * ROW * Float.BYTES, 1, ROW);
        }
        return (double) REPEATED * ROW;
    }

    private double scattered(MemorySegment memory) {
        long a = memory.address();
        kernels.copy(a, 1, a + (long) ROW * APART * Float.BYTES, APART, ROW);
        return ROW;
    }

    private double memory(Arena arena) {
        long a = arena.allocate(FAR * Float.BYTES, 64).address();
        kernels.fill(a, 1, (int) FAR);
        long result = arena.allocate(Float.BYTES).address();
        return rate(() -> {
            kernels.multiplySumColumns(result, 1, a, 0, a, 0, 1, (int) FAR, false);
            return (double) FAR * Float.BYTES;
        });
    }
}
