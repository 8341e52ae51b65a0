package org.einscale.einsum.run;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.tensor.memory.Overlap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link BoundProgram} compiled for each set of strides that its arrays come with. All programs together remember routines
 * that take up to an eighth of the heap's size.
 */
public final class Routines {
    private static final Cache<Cache.Key, Routine> CACHE = new Cache<>(Runtime.getRuntime().maxMemory() / 8,
            Routine::bytes);
    private static final Cleaner CLEANER = Cleaner.create();

    private final BoundProgram bound;
    /** Tells these routines from others in the cache. */
    private final Object owner = new Object();
    private volatile @Nullable Routine last;

    /**
     * @throws IllegalArgumentException
     *             if there is a limit to memory and a run takes more for row-major arrays, however it is sliced
     */
    public Routines(BoundProgram bound) {
        this.bound = bound;
        if (bound.options().memory().isPresent()) {
            rowMajor();
        }
        Object forgotten = owner;
        CLEANER.register(this, () -> CACHE.forget(key -> key.owner() == forgotten));
    }

    /**
     * Computes the results.
     *
     * @param arrays
     *            that fit, in the order of the {@link BoundProgram#arguments} but for the last of these
     * @throws IllegalArgumentException
     *             if a result shares memory
     * @throws EquationError
     *             if there is not enough memory
     */
    public void run(INDArray[] arrays, INDArray last) {
        try {
            Routine routine = this.last;
            if (routine == null || !routine.fits(arrays, last)) {
                long[][] strides = Stream.concat(Arrays.stream(arrays), Stream.of(last)).map(INDArray::stride)
                        .toArray(long[][]::new);
                routine = of(strides);
                this.last = routine;
            }
            routine.run(arrays, last);
        } catch (OutOfMemoryError e) {
            EquationError error = Mistakes.ofOperands(bound.binding().equation()).at(0, "with "
                    + bound.binding().sizes() + " its intermediate results take too much memory (" + e.getMessage()
                    + "); a limit of memory has the work done in slices");
            error.initCause(e);
            throw error;
        }
    }

    /** For row-major arrays. */
    public Routine rowMajor() {
        return of(bound.arguments().stream().map(argument -> argument.view().rowMajor()).toArray(long[][]::new));
    }

    private Routine of(long[][] strides) {
        return CACHE.get(new Cache.Key(owner, strides), _ -> compiled(strides));
    }

    private Routine compiled(long[][] strides) {
        for (int i = 0; i < bound.results().size(); i++) {
            Argument result = bound.results().get(i);
            long[] stride = strides[bound.operands().size() + i];
            if (Overlap.within(result.shape(), stride)) {
                throw new IllegalArgumentException(result.called() + " of shape " + Arrays.toString(result.shape())
                        + " has strides " + Arrays.toString(stride)
                        + ": several of its elements are one in memory; expected a place for each, as in a dup()");
            }
        }
        OptionalLong memory = bound.options().memory();
        return memory.isPresent() ? within(memory.getAsLong(), strides) : new Routine(bound, strides, true);
    }

    /** In as few slices as keep to the limit; with copies for faster products if these do. */
    private Routine within(long limit, long[][] strides) {
        long least = Long.MAX_VALUE;
        Optional<BoundProgram> next = Optional.of(bound);
        while (next.isPresent()) {
            for (boolean copies : new boolean[]{true, false}) {
                Routine routine = new Routine(next.get(), strides, copies);
                long bytes = routine.plan().bytes();
                if (bytes <= limit) {
                    return routine;
                }
                least = Math.min(least, bytes);
            }
            next = next.get().smaller().apply(limit / bound.precision().bytes());
        }
        throw new IllegalArgumentException(
                "intermediate results take " + least + " bytes or more, however the einsum is "
                        + "sliced; the limit to its memory is " + limit);
    }
}
