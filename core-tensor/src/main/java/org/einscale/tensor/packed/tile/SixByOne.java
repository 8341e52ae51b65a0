package org.einscale.tensor.packed.tile;

import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** A tile of six rows and one vector of columns; see {@link Tile}. */
final class SixByOne {
    private SixByOne() {
    }

    static void multiply(int k, float[] space, int a, int b, int tile) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector c4 = FloatVector.zero(SPECIES);
        FloatVector c5 = FloatVector.zero(SPECIES);
        int at = a;
        int bt = b;
        for (int l = 0; l < k; l++) {
            FloatVector left = FloatVector.fromArray(SPECIES, space, bt);
            FloatVector a0 = FloatVector.broadcast(SPECIES, space[at]);
            c0 = a0.fma(left, c0);
            FloatVector a1 = FloatVector.broadcast(SPECIES, space[at + 1]);
            c1 = a1.fma(left, c1);
            FloatVector a2 = FloatVector.broadcast(SPECIES, space[at + 2]);
            c2 = a2.fma(left, c2);
            FloatVector a3 = FloatVector.broadcast(SPECIES, space[at + 3]);
            c3 = a3.fma(left, c3);
            FloatVector a4 = FloatVector.broadcast(SPECIES, space[at + 4]);
            c4 = a4.fma(left, c4);
            FloatVector a5 = FloatVector.broadcast(SPECIES, space[at + 5]);
            c5 = a5.fma(left, c5);
            at += 6;
            bt += LANES;
        }
        c0.intoArray(space, tile);
        c1.intoArray(space, tile + LANES);
        c2.intoArray(space, tile + 2 * LANES);
        c3.intoArray(space, tile + 3 * LANES);
        c4.intoArray(space, tile + 4 * LANES);
        c5.intoArray(space, tile + 5 * LANES);
    }
}
