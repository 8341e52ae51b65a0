package org.einscale.tensor.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/** Fills and copies of float32 numbers. */
public final class Movement {
    private Movement() {
    }

    public static void fill(long destination, double value, int n) {
        FloatVector values = FloatVector.broadcast(SPECIES, (float) value);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            values.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            values.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, INDEX.compare(LT, n - i).cast(SPECIES));
        }
    }

    public static void copy(long destination, long destinationStride, long source, long sourceStride, int n) {
        if (destinationStride == 1 && sourceStride == 1) {
            copy(destination, source, n);
        } else if (destinationStride == 1 && sourceStride == 0 && n > 0) {
            fill(destination, Raw.getFloat(source), n);
        } else {
            for (int i = 0; i < n; i++) {
                Raw.putFloat(destination + FLOAT * i * destinationStride,
                        Raw.getFloat(source + FLOAT * i * sourceStride));
            }
        }
    }

    private static void copy(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            x.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            x.intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);

        }
    }
}
