package org.einscale.tensor.simd;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Constants of the vector kernels, and folds over the lanes of a vector.
 *
 * <p>C2 keeps vectors in registers as long as it inlines whatever takes or returns them, and else makes an object of each, so
 * that a kernel runs a hundred times slower. It always inlines the Vector API itself, but a method of ours only where its call
 * was seen to be frequent, and while the compiled method is small: about forty vector operations, callees included. Kernels
 * therefore call the Vector API without wrappers around loads and stores. The functions of vectors that they do call, those of
 * this class and of {@link Exp}, the JVM is told by a flag to inline. Kernels of many operations run one masked loop, those of
 * few an unmasked loop and a masked tail: whole vectors from beyond the nearest cache are read three times slower through masks.
 *
 * <p>The Vector API's own methods are inlined where C2 knows the class of the vector that they are called on, which it does of a
 * constant and of one just loaded or computed, but of the variable of a loop only if it has seen enough calls. So loops call
 * methods on what they load, and after a loop its variable is first combined with a constant that leaves it as it is, such as
 * {@link #MINUS_ZERO} for sums. An accumulator starts from {@code FloatVector.zero(SPECIES)}, not from {@link #ZERO}: C2 cannot
 * keep a variable in a register that is sometimes a constant object and sometimes a result.
 */
public final class Lanes {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    public static final VectorSpecies<Integer> INTEGERS = SPECIES.withLanes(int.class).check(int.class);
    /** Floats in a vector. */
    public static final int LANES = SPECIES.length();
    /** Bytes of a vector. */
    public static final long BYTES = (long) Float.BYTES * LANES;
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();
    public static final FloatVector ZERO = FloatVector.zero(SPECIES);
    /** Leaves a number as it is when added to it, as 0 does not: 0 + -0 is 0. */
    public static final FloatVector MINUS_ZERO = FloatVector.broadcast(SPECIES, -0f);
    public static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);
    /** 0, 1, 2 ... Comparing it with a count gives a mask of the first so many lanes. */
    public static final IntVector INDEX = IntVector.zero(INTEGERS).addIndex(1);
    private static final VectorShuffle<Float> BY_16 = rotation(16);
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private Lanes() {
    }

    /**
     * The sum of all lanes of a vector of at most 32, in the order of a tree of halves. reduceLanes adds in one order when
     * interpreted and in another when compiled, so that results would depend on when the compiler gets to a kernel.
     */
    public static float sum(FloatVector value) {
        FloatVector folded = MINUS_ZERO.add(value);
        if (LANES > 16) {
            folded = folded.add(folded.rearrange(BY_16));
        }
        if (LANES > 8) {
            folded = folded.add(folded.rearrange(BY_8));
        }
        if (LANES > 4) {
            folded = folded.add(folded.rearrange(BY_4));
        }
        if (LANES > 2) {
            folded = folded.add(folded.rearrange(BY_2));
        }
        return folded.add(folded.rearrange(BY_1)).lane(0);
    }

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(SPECIES, lanes % LANES, 1, true);

    }
}
