package org.einscale.tensor.simd;

import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * exp in float32, within 2 units in the last place: x = n ln 2 + r, and exp(x) = 2^n p(r), where p is the polynomial of
 * degree 5 of least largest relative error on |r| &lt;= ln(2)/2 with p(0) = 1 (fitted by Lawson's iteration). Results
 * below the smallest normal number are zero.
 */
public final class Exp {
    private static final FloatVector LOG2_E = constant(1.44269504f);
    /** Adding it leaves the integer nearest to a small number in the low bits. */
    private static final FloatVector ROUND = constant(0x1.8p23f);
    /** ln 2 in two parts, the first with trailing zeros so that its product with n is exact. */
    private static final FloatVector MINUS_LN2_HIGH = constant(-0x1.62e4p-1f);
    private static final FloatVector MINUS_LN2_LOW = constant(-0x1.7f7d1cp-20f);
    private static final FloatVector C1 = constant(0x1.fffff6p-1f);
    private static final FloatVector C2 = constant(0x1.fffdc4p-2f);
    private static final FloatVector C3 = constant(0x1.555a6ep-3f);
    private static final FloatVector C4 = constant(0x1.573adp-5f);
    private static final FloatVector C5 = constant(0x1.0fa7d8p-7f);
    /** ln of the largest float. */
    public static final FloatVector LARGEST = constant(88.72283f);
    /** ln of the smallest normal float. */
    private static final FloatVector SMALLEST = constant(-87.33654f);

    private Exp() {
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** exp(x) for x that is at most {@link #LARGEST}, or NaN. */
    public static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p = C5.fma(r, C4).fma(r, C3).fma(r, C2).fma(r, C1).fma(r, Lanes.ONE);
        IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector scaled = power.add(p.reinterpretAsInts()).reinterpretAsFloats();
        return scaled.blend(Lanes.ZERO, x.compare(VectorOperators.LT, SMALLEST));

    }
}
