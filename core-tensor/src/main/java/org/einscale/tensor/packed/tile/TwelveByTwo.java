package org.einscale.tensor.packed.tile;

import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** A tile of twelve rows and two vectors of columns; see {@link Tile}. */
final class TwelveByTwo {
    private TwelveByTwo() {
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
        FloatVector c4 = FloatVector.zero(SPECIES);
        FloatVector d4 = FloatVector.zero(SPECIES);
        FloatVector c5 = FloatVector.zero(SPECIES);
        FloatVector d5 = FloatVector.zero(SPECIES);
        FloatVector c6 = FloatVector.zero(SPECIES);
        FloatVector d6 = FloatVector.zero(SPECIES);
        FloatVector c7 = FloatVector.zero(SPECIES);
        FloatVector d7 = FloatVector.zero(SPECIES);
        FloatVector c8 = FloatVector.zero(SPECIES);
        FloatVector d8 = FloatVector.zero(SPECIES);
        FloatVector c9 = FloatVector.zero(SPECIES);
        FloatVector d9 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector d10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector d11 = FloatVector.zero(SPECIES);
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
            FloatVector a4 = FloatVector.broadcast(SPECIES, space[at + 4]);
            c4 = a4.fma(left, c4);
            d4 = a4.fma(right, d4);
            FloatVector a5 = FloatVector.broadcast(SPECIES, space[at + 5]);
            c5 = a5.fma(left, c5);
            d5 = a5.fma(right, d5);
            FloatVector a6 = FloatVector.broadcast(SPECIES, space[at + 6]);
            c6 = a6.fma(left, c6);
            d6 = a6.fma(right, d6);
            FloatVector a7 = FloatVector.broadcast(SPECIES, space[at + 7]);
            c7 = a7.fma(left, c7);
            d7 = a7.fma(right, d7);
            FloatVector a8 = FloatVector.broadcast(SPECIES, space[at + 8]);
            c8 = a8.fma(left, c8);
            d8 = a8.fma(right, d8);
            FloatVector a9 = FloatVector.broadcast(SPECIES, space[at + 9]);
            c9 = a9.fma(left, c9);
            d9 = a9.fma(right, d9);
            FloatVector a10 = FloatVector.broadcast(SPECIES, space[at + 10]);
            c10 = a10.fma(left, c10);
            d10 = a10.fma(right, d10);
            FloatVector a11 = FloatVector.broadcast(SPECIES, space[at + 11]);
            c11 = a11.fma(left, c11);
            d11 = a11.fma(right, d11);
            at += 12;
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
        c4.intoArray(space, tile + 8 * LANES);
        d4.intoArray(space, tile + 9 * LANES);
        c5.intoArray(space, tile + 10 * LANES);
        d5.intoArray(space, tile + 11 * LANES);
        c6.intoArray(space, tile + 12 * LANES);
        d6.intoArray(space, tile + 13 * LANES);
        c7.intoArray(space, tile + 14 * LANES);
        d7.intoArray(space, tile + 15 * LANES);
        c8.intoArray(space, tile + 16 * LANES);
        d8.intoArray(space, tile + 17 * LANES);
        c9.intoArray(space, tile + 18 * LANES);
        d9.intoArray(space, tile + 19 * LANES);
        c10.intoArray(space, tile + 20 * LANES);
        d10.intoArray(space, tile + 21 * LANES);
        c11.intoArray(space, tile + 22 * LANES);
        d11.intoArray(space, tile + 23 * LANES);
    }
}
