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
import org.einscale.tensor.kernel.UnaryKernel;
import org.einscale.tensor.simd.Copies;

/** The loop of a pointwise function of one argument: {@link Copies}, one for each function. */
final class UnaryLoop implements UnaryKernel {
    private static final Function FUNCTION = Copies.constant(MethodHandles.lookup(), Function.class);

    /** A few vector operations. */
    interface Function {
        FloatVector apply(FloatVector x);
    }

    @Override
    public void run(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER);
            FUNCTION.apply(x).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask);
            FUNCTION.apply(x).intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }
}
