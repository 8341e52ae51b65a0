package org.einscale.tensor.packed.tile;

import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** A tile of twelve rows and one vector of columns; see {@link Tile}. */
final class TwelveByOne {
    private TwelveByOne() {
    }

    static void multiply(int k, float[] space, int a, int b, int tile) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector c4 = FloatVector.zero(SPECIES);
        FloatVector c5 = FloatVector.zero(SPECIES);
        FloatVector c6 = FloatVector.zero(SPECIES);
        FloatVector c7 = FloatVector.zero(SPECIES);
        FloatVector c8 = FloatVector.zero(SPECIES);
        FloatVector c9 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
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
            FloatVector a6 = FloatVector.broadcast(SPECIES, space[at + 6]);
            c6 = a6.fma(left, c6);
            FloatVector a7 = FloatVector.broadcast(SPECIES, space[at + 7]);
            c7 = a7.fma(left, c7);
            FloatVector a8 = FloatVector.broadcast(SPECIES, space[at + 8]);
            c8 = a8.fma(left, c8);
            FloatVector a9 = FloatVector.broadcast(SPECIES, space[at + 9]);
            c9 = a9.fma(left, c9);
            FloatVector a10 = FloatVector.broadcast(SPECIES, space[at + 10]);
            c10 = a10.fma(left, c10);
            FloatVector a11 = FloatVector.broadcast(SPECIES, space[at + 11]);
            c11 = a11.fma(left, c11);
            at += 12;
            bt += LANES;
        }
        c0.intoArray(space, tile);
        c1.intoArray(space, tile + LANES);
        c2.intoArray(space, tile + 2 * LANES);
        c3.intoArray(space, tile + 3 * LANES);
        c4.intoArray(space, tile + 4 * LANES);
        c5.intoArray(space, tile + 5 * LANES);
        c6.intoArray(space, tile + 6 * LANES);
        c7.intoArray(space, tile + 7 * LANES);
        c8.intoArray(space, tile + 8 * LANES);
        c9.intoArray(space, tile + 9 * LANES);
        c10.intoArray(space, tile + 10 * LANES);
        c11.intoArray(space, tile + 11 * LANES);
    }
}
