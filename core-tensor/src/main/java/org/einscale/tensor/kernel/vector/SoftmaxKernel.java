package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.einscale.tensor.kernel.scalar.ScalarRows;
import org.einscale.tensor.kernel.vector.reduction.RowSums;
import org.einscale.tensor.simd.Exp;
import org.einscale.tensor.simd.Lanes;

/**
 * Softmax over rows, with its gradient, in float32. The passes over a row serve cross-entropy too.
 */
final class SoftmaxKernel {
    private static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);

    private SoftmaxKernel() {
    }

    static void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = FLOAT * r * n;
            softmaxRow(destination + offset, source + offset, 1, ScalarRows.kept(r, n, causalPeriod), n);
        }
    }

    /** Softmax of the first {@code kept} of n numbers, times a factor; zeros over the others, which are not read. */
    static void softmaxRow(long destination, long source, float factor, int kept, int n) {
        float max = max(source, kept);
        if (Float.isInfinite(max)) {
            ScalarRows.FLOAT.softmaxRow(destination, source, factor, kept, n);
            return;
        }
        exponentials(destination, source, max, kept);
        float sum = RowSums.sum(destination, kept);
        scale(destination, factor / sum, kept, n);
    }

    /** log(sum(exp(source[j] - max))) of n numbers, none of which is above a finite max. */
    static double logOfSum(long source, float max, int n) {
        return Math.log(sumOfExponentials(source, max, n));
    }

    static void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = FLOAT * r * n;
            int kept = ScalarRows.kept(r, n, causalPeriod);
            float dot = RowSums.dot(y + offset, dy + offset, kept);
            gradient(destination + offset, y + offset, dy + offset, dot, kept, n);
        }
    }

    /** y[j] (dy[j] - dot) for the first {@code kept} of n numbers and zeros for the others, with dot the sum of y[j] dy[j]. */
    private static void gradient(long destination, long y, long dy, float dot, int kept, int n) {
        FloatVector dots = FloatVector.broadcast(SPECIES, dot);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, kept - j).cast(SPECIES);
            FloatVector gradient = fromMemorySegment(SPECIES, MEMORY, dy + FLOAT * j, ORDER, mask).sub(dots)
                    .mul(fromMemorySegment(SPECIES, MEMORY, y + FLOAT * j, ORDER, mask));
            Lanes.ZERO.blend(gradient, mask).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER,
                    INDEX.compare(LT, n - j).cast(SPECIES));
        }
    }

    /** The largest of n numbers, NaNs left out; minus infinity for none. */
    static float max(long source, int n) {
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * j, ORDER, mask);
            max = x.blend(max, x.compare(VectorOperators.GT, max, mask).not());
        }
        return LOWEST.max(max).reduceLanes(VectorOperators.MAX);
    }

    /** destination[j] = exp(source[j] - max). */
    private static void exponentials(long destination, long source, float max, int n) {
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            Exp.exp(fromMemorySegment(SPECIES, MEMORY, source + FLOAT * j, ORDER, mask).sub(shift))
                    .intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    /** The sum of exp(source[j] - max). */
    private static double sumOfExponentials(long source, float max, int n) {
        double sum = 0;
        for (long j = 0; j < n; j += RowSums.BLOCK) {
            sum += sumOfBlock(source + FLOAT * j, max, (int) Math.min(RowSums.BLOCK, n - j));
        }
        return sum;
    }

    private static float sumOfBlock(long source, float max, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * j, ORDER, mask);
            sum = Lanes.ZERO.blend(Exp.exp(x.sub(shift)), mask).add(sum);
        }
        return Lanes.sum(sum);
    }

    /** Multiplies the first {@code kept} of n numbers and writes zeros over the others, which are not read. */
    private static void scale(long destination, float factor, int kept, int n) {
        FloatVector factors = FloatVector.broadcast(SPECIES, factor);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, kept - j).cast(SPECIES);
            FloatVector scaled = fromMemorySegment(SPECIES, MEMORY, destination + FLOAT * j, ORDER, mask).mul(factors);
            Lanes.ZERO.blend(scaled, mask).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER,
                    INDEX.compare(LT, n - j).cast(SPECIES));

        }
    }
}
