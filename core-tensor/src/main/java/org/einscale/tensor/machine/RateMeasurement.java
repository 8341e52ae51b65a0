package org.einscale.tensor.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.GemmRates;
import org.einscale.tensor.dot.DotRate;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.einscale.tensor.packed.PackedRate;
import org.einscale.tensor.profile.Flags;
import org.einscale.tensor.profile.Rates;

/** Measures the rates of this machine on the calling thread. */
final class RateMeasurement {
    /** Nanoseconds that each rate is measured for; of as many before the compilers finish with the code. */
    private static final long SHARE = 250_000_000L;
    /** Shares more that code is given to be compiled, where others keep the machine busy. */
    private static final int PATIENCE = 30;
    /** Code that is not compiled is at least so many times slower than usual. */
    private static final double INTERPRETED = 16;
    /** Elements of a row in an L1 cache. */
    private static final int ROW = 1024;
    private static final int REPEATED = 32;
    /** Elements from one that is copied alone to the next. */
    private static final int APART = 67;
    /** Elements that no cache holds. */
    private static final long FAR = 32 << 20;

    private final Kernels kernels = FastKernels.of(Precision.FLOAT);
    private final LongSupplier clock;
    private final Rates usual;

    /**
     * @param clock nanoseconds
     * @param usual what to expect
     */
    RateMeasurement(LongSupplier clock, Rates usual) {
        this.clock = clock;
        this.usual = usual;
    }

    /** Measures everything, in about five seconds; empty if the machine is too busy to compile the code that is measured. */
    Optional<Rates> rates() {
        try (Arena arena = Arena.ofConfined()) {
            GemmRates gemm = new GemmRates(arena);
            MemorySegment near = arena.allocate((long) ROW * APART * Float.BYTES * 2, 64);
            double unpacked = GemmRates.unpacks() ? rate(gemm::unpackedSgemm, 0) : 0;
            double call = 2 / rate(gemm::call, 0);
            Rates rates = new Rates(rate(gemm::sgemm, 0), unpacked, vectors(PackedRate::tile, usual.packed()),
                    vectors(DotRate::tile, usual.dots()), rate(() -> rows(near), usual.rows()),
                    rate(() -> copied(near), usual.copied()), rate(() -> scattered(near), usual.scattered()),
                    memory(arena), call);
            return compiled(rates) ? Optional.of(rates.rounded()) : Optional.empty();
        }
    }

    private boolean compiled(Rates rates) {
        return rates.packed() > usual.packed() / INTERPRETED && rates.dots() > usual.dots() / INTERPRETED
                && rates.rows() > usual.rows() / INTERPRETED && rates.copied() > usual.copied() / INTERPRETED
                && rates.scattered() > usual.scattered() / INTERPRETED;
    }

    /** As {@link #rate}, for work that only a JVM with vectors does. */
    private double vectors(DoubleSupplier work, double expected) {
        return Flags.VECTORS ? rate(work, expected) : expected;
    }

    /** The most of some work that is done in a nanosecond, once warm. */
    private double rate(DoubleSupplier work, double expected) {
        double rate = best(work);
        for (int more = 0; more < PATIENCE && rate <= expected / INTERPRETED; more++) {
            rate = best(work);
        }
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
        }, 0);

    }
}
