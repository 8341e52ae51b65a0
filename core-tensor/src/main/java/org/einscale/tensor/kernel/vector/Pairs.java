package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
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

/** The pointwise functions of two arguments. */
final class Pairs {
    private Pairs() {
    }

    static void add(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            x.add(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.add(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void subtract(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            x.sub(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.sub(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void multiply(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            x.mul(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.mul(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void weigh(long destination, long left, long right, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.mul(y).blend(ZERO, x.compare(EQ, ZERO)).blend(ZERO, y.compare(EQ, ZERO)).intoMemorySegment(MEMORY,
                    destination + FLOAT * i, ORDER, mask);
        }
    }

    static void divide(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            x.div(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.div(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void maximum(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            x.max(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.max(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void minimum(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            x.min(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            x.min(y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void greater(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            ZERO.blend(ONE, x.compare(GT, y)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            ZERO.blend(ONE, x.compare(GT, y)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void greaterEqual(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            ZERO.blend(ONE, x.compare(GE, y)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            ZERO.blend(ONE, x.compare(GE, y)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }

    static void equal(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            ZERO.blend(ONE, x.compare(EQ, y)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            ZERO.blend(ONE, x.compare(EQ, y)).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);

        }
    }
}
