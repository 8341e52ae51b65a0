package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.kernel.BinaryKernel;
import org.einscale.tensor.simd.Copies;

/** The loop of a pointwise function of two arguments: {@link Copies}, one for each function. */
final class PairLoop implements BinaryKernel {
    private static final Function FUNCTION = Copies.constant(MethodHandles.lookup(), Function.class);

    /** A few vector operations. */
    interface Function {
        FloatVector apply(FloatVector x, FloatVector y);
    }

    @Override
    public void run(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER);
            FUNCTION.apply(x, y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, left + FLOAT * i, ORDER, mask);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, right + FLOAT * i, ORDER, mask);
            FUNCTION.apply(x, y).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }
}
