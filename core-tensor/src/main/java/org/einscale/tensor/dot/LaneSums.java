package org.einscale.tensor.dot;

import static org.einscale.tensor.simd.Lanes.INTEGERS;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The sums of the lanes of many vectors, without a loop over lanes: neighbouring lanes of two vectors are added into one vector,
 * first of all vectors, then of the results, until each lane is a vector's sum. The order of additions is that of a tree, the
 * same whether compiled or not.
 */
final class LaneSums {
    /** Lanes of two vectors: 0, 2, 4 ... of the first, then of the second. */
    private static final IntVector EVEN = IntVector.zero(INTEGERS).addIndex(2);
    /** Lanes 1, 3, 5 ... of both. */
    private static final IntVector ODD = EVEN.add(1);

    private LaneSums() {
    }

    /**
     * Replaces the first floats of some vectors in the space by the vectors' sums.
     *
     * @param vectors a multiple of the lanes
     */
    static void fold(float[] space, int start, int vectors) {
        int sums = vectors / LANES;
        for (int left = vectors; left > sums; left /= 2) {
            pairs(space, start, left / 2);
        }
    }

    private static void pairs(float[] space, int start, int count) {
        for (int i = 0; i < count; i++) {
            int from = start + 2 * i * LANES;
            IntVector first = FloatVector.fromArray(SPECIES, space, from).reinterpretAsInts();
            IntVector second = FloatVector.fromArray(SPECIES, space, from + LANES).reinterpretAsInts();
            FloatVector even = EVEN.selectFrom(first, second).reinterpretAsFloats();
            FloatVector odd = ODD.selectFrom(first, second).reinterpretAsFloats();
            even.add(odd).intoArray(space, start + i * LANES);
        }
    }
}
