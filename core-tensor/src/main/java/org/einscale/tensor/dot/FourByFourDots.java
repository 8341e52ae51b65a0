package org.einscale.tensor.dot;

import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.simd.Lanes.BYTES;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.einscale.tensor.memory.Raw;

/** A tile of four rows and four columns; see {@link DotTile}. */
final class FourByFourDots {

    private FourByFourDots() {
    }

    static void multiply(float[] space, int a, long[] columns, int first, int[] groups, int from, int to, int vectors,
            int tile) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, space, tile);
        FloatVector d0 = FloatVector.fromArray(SPECIES, space, tile + LANES);
        FloatVector e0 = FloatVector.fromArray(SPECIES, space, tile + 2 * LANES);
        FloatVector f0 = FloatVector.fromArray(SPECIES, space, tile + 3 * LANES);
        FloatVector c1 = FloatVector.fromArray(SPECIES, space, tile + 4 * LANES);
        FloatVector d1 = FloatVector.fromArray(SPECIES, space, tile + 5 * LANES);
        FloatVector e1 = FloatVector.fromArray(SPECIES, space, tile + 6 * LANES);
        FloatVector f1 = FloatVector.fromArray(SPECIES, space, tile + 7 * LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, space, tile + 8 * LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, space, tile + 9 * LANES);
        FloatVector e2 = FloatVector.fromArray(SPECIES, space, tile + 10 * LANES);
        FloatVector f2 = FloatVector.fromArray(SPECIES, space, tile + 11 * LANES);
        FloatVector c3 = FloatVector.fromArray(SPECIES, space, tile + 12 * LANES);
        FloatVector d3 = FloatVector.fromArray(SPECIES, space, tile + 13 * LANES);
        FloatVector e3 = FloatVector.fromArray(SPECIES, space, tile + 14 * LANES);
        FloatVector f3 = FloatVector.fromArray(SPECIES, space, tile + 15 * LANES);
        int at = a;
        long column0 = columns[first];
        long column1 = columns[first + 1];
        long column2 = columns[first + 2];
        long column3 = columns[first + 3];
        int g = from;
        long x = FLOAT * groups[g];
        long end = x + BYTES * vectors;
        int steps = (to - from) * vectors;
        for (int i = 0; i < steps; i++) {
            if (x == end) {
                g++;
                x = FLOAT * groups[g];
                end = x + BYTES * vectors;
            }
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, column0 + x, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, column1 + x, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, column2 + x, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, column3 + x, ORDER);
            FloatVector a0 = FloatVector.fromArray(SPECIES, space, at);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            e0 = a0.fma(b2, e0);
            f0 = a0.fma(b3, f0);
            FloatVector a1 = FloatVector.fromArray(SPECIES, space, at + LANES);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
            e1 = a1.fma(b2, e1);
            f1 = a1.fma(b3, f1);
            FloatVector a2 = FloatVector.fromArray(SPECIES, space, at + 2 * LANES);
            c2 = a2.fma(b0, c2);
            d2 = a2.fma(b1, d2);
            e2 = a2.fma(b2, e2);
            f2 = a2.fma(b3, f2);
            FloatVector a3 = FloatVector.fromArray(SPECIES, space, at + 3 * LANES);
            c3 = a3.fma(b0, c3);
            d3 = a3.fma(b1, d3);
            e3 = a3.fma(b2, e3);
            f3 = a3.fma(b3, f3);
            at += 4 * LANES;
            x += BYTES;
        }
        c0.intoArray(space, tile);
        d0.intoArray(space, tile + LANES);
        e0.intoArray(space, tile + 2 * LANES);
        f0.intoArray(space, tile + 3 * LANES);
        c1.intoArray(space, tile + 4 * LANES);
        d1.intoArray(space, tile + 5 * LANES);
        e1.intoArray(space, tile + 6 * LANES);
        f1.intoArray(space, tile + 7 * LANES);
        c2.intoArray(space, tile + 8 * LANES);
        d2.intoArray(space, tile + 9 * LANES);
        e2.intoArray(space, tile + 10 * LANES);
        f2.intoArray(space, tile + 11 * LANES);
        c3.intoArray(space, tile + 12 * LANES);
        d3.intoArray(space, tile + 13 * LANES);
        e3.intoArray(space, tile + 14 * LANES);
        f3.intoArray(space, tile + 15 * LANES);
    }
}
