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
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.kernel.UnaryKernel;
import org.einscale.tensor.simd.Copies;

/** {@link UnaryLoop} for functions of many operations, which are written only once: every vector is masked. */
final class MaskedLoop implements UnaryKernel {
    private static final UnaryLoop.Function FUNCTION = Copies.constant(MethodHandles.lookup(),
            UnaryLoop.Function.class);

    @Override
    public void run(long destination, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FUNCTION.apply(fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask))
                    .intoMemorySegment(MEMORY, destination + FLOAT * i, ORDER, mask);
        }
    }
}
