package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ONE;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;
import static org.einscale.tensor.simd.Lanes.ZERO;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The pointwise functions that are one or two instructions, so that memory decides their speed. */
final class Arithmetic {
    private static final FloatVector MINUS_ONE = FloatVector.broadcast(SPECIES, -1);

    private Arithmetic() {
    }

    static void negate(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.neg().intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.neg().intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void abs(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.abs().intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.abs().intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    /** -1, x itself where it is a zero or NaN, or 1. */
    static void sign(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.blend(ONE, x.compare(GT, ZERO)).blend(MINUS_ONE, x.compare(LT, ZERO)).intoMemorySegment(MEMORY,
                    destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.blend(ONE, x.compare(GT, ZERO)).blend(MINUS_ONE, x.compare(LT, ZERO)).intoMemorySegment(MEMORY,
                    destination + FLOAT * i, ORDER, mask);
        }
    }

    static void square(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.mul(x).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.mul(x).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void sqrt(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.sqrt().intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.sqrt().intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void reciprocal(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            ONE.div(x).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            ONE.div(x).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void reciprocalSqrt(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            ONE.div(x.sqrt()).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            ONE.div(x.sqrt()).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void relu(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.max(ZERO).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.max(ZERO).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void heaviside(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            ZERO.blend(ONE, x.compare(GT, ZERO)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            ZERO.blend(ONE, x.compare(GT, ZERO)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);

        }
    }
}
