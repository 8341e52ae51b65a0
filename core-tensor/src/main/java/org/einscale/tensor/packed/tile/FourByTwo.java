package org.einscale.tensor.packed.tile;

import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** A tile of four rows and two vectors of columns; see {@link Tile}. */
final class FourByTwo {
    private FourByTwo() {
    }

    static void multiply(int k, float[] space, int a, int b, int tile) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector d3 = FloatVector.zero(SPECIES);
        int at = a;
        int bt = b;
        for (int l = 0; l < k; l++) {
            FloatVector left = FloatVector.fromArray(SPECIES, space, bt);
            FloatVector right = FloatVector.fromArray(SPECIES, space, bt + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, space[at]);
            c0 = a0.fma(left, c0);
            d0 = a0.fma(right, d0);
            FloatVector a1 = FloatVector.broadcast(SPECIES, space[at + 1]);
            c1 = a1.fma(left, c1);
            d1 = a1.fma(right, d1);
            FloatVector a2 = FloatVector.broadcast(SPECIES, space[at + 2]);
            c2 = a2.fma(left, c2);
            d2 = a2.fma(right, d2);
            FloatVector a3 = FloatVector.broadcast(SPECIES, space[at + 3]);
            c3 = a3.fma(left, c3);
            d3 = a3.fma(right, d3);
            at += 4;
            bt += 2 * LANES;
        }
        c0.intoArray(space, tile);
        d0.intoArray(space, tile + LANES);
        c1.intoArray(space, tile + 2 * LANES);
        d1.intoArray(space, tile + 3 * LANES);
        c2.intoArray(space, tile + 4 * LANES);
        d2.intoArray(space, tile + 5 * LANES);
        c3.intoArray(space, tile + 6 * LANES);
        d3.intoArray(space, tile + 7 * LANES);
    }
}
