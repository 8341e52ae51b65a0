package org.einscale.tensor.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.einscale.tensor.memory.Raw;

/**
 * Loads, stores and tail masks of the vector kernels. C2 keeps vectors in registers only while a compiled method, callees
 * included, has fewer than about forty vector operations; past that it boxes each one on the heap and a kernel runs a
 * hundred times slower. Kernels of many operations therefore run one masked loop, those of few run an unmasked loop and
 * a masked tail.
 */
final class Lanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTEGERS = SPECIES.withLanes(int.class).check(int.class);
    /** Floats in a vector. */
    static final int COUNT = SPECIES.length();
    static final FloatVector ZERO = FloatVector.zero(SPECIES);
    static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);
    private static final IntVector INDEX = IntVector.zero(INTEGERS).addIndex(1);
    private static final VectorShuffle<Float> BY_16 = rotation(16);
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Lanes() {
    }

    /**
     * What an accumulator starts from. Not {@link #ZERO}: C2 cannot keep a variable in a register that is sometimes a
     * constant object and sometimes a result.
     */
    static FloatVector zero() {
        return FloatVector.zero(SPECIES);
    }

    /** The lanes below a count, all of them from {@link #COUNT} on. */
    static VectorMask<Float> below(int count) {
        return INDEX.compare(VectorOperators.LT, count).cast(SPECIES);
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, address, ORDER);
    }

    /**
     * Zeros where not masked, and no memory is read for them. For tails only: from beyond the nearest cache, rows of whole
     * vectors were read three times slower through masks.
     */
    static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, address, ORDER, mask);
    }

    static void store(long address, FloatVector value) {
        value.intoMemorySegment(Raw.MEMORY, address, ORDER);
    }

    static void store(long address, FloatVector value, VectorMask<Float> mask) {
        value.intoMemorySegment(Raw.MEMORY, address, ORDER, mask);
    }

    /**
     * The sum of all lanes of a vector of at most 32, in the order of a tree of halves. reduceLanes adds in one order when
     * interpreted and in another when compiled, so that results would depend on when the compiler gets to a kernel.
     */
    static float sum(FloatVector value) {
        FloatVector folded = value;
        if (COUNT > 16) {
            folded = folded.add(folded.rearrange(BY_16));
        }
        if (COUNT > 8) {
            folded = folded.add(folded.rearrange(BY_8));
        }
        if (COUNT > 4) {
            folded = folded.add(folded.rearrange(BY_4));
        }
        if (COUNT > 2) {
            folded = folded.add(folded.rearrange(BY_2));
        }
        return folded.add(folded.rearrange(BY_1)).lane(0);
    }

    /** The product of all lanes of a vector of at most 32, as {@link #sum} adds them. */
    static float product(FloatVector value) {
        FloatVector folded = value;
        if (COUNT > 16) {
            folded = folded.mul(folded.rearrange(BY_16));
        }
        if (COUNT > 8) {
            folded = folded.mul(folded.rearrange(BY_8));
        }
        if (COUNT > 4) {
            folded = folded.mul(folded.rearrange(BY_4));
        }
        if (COUNT > 2) {
            folded = folded.mul(folded.rearrange(BY_2));
        }
        return folded.mul(folded.rearrange(BY_1)).lane(0);
    }

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(SPECIES, lanes % COUNT, 1, true);
    }

    /** Address of element i of a row of floats. */
    static long at(long address, long i) {
        return address + (i << 2);
    }
}
