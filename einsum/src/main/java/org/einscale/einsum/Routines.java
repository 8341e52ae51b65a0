package org.einscale.einsum;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.einscale.einsum.equation.View;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Overlap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link Problem} compiled for each set of strides that its arrays come with. All problems together remember routines that
 * take up to an eighth of the heap's size.
 */
final class Routines {
    private static final Cache<Key, Routine> CACHE = new Cache<>(Runtime.getRuntime().maxMemory() / 8,
            Routine::bytes);
    private static final Cleaner CLEANER = Cleaner.create();

    private record Key(Object owner, List<List<Long>> strides) {}

    private final Problem problem;
    private final Precision precision;
    private final OptionalLong memory;
    /** Tells these routines from others in the cache. */
    private final Object owner = new Object();
    private volatile @Nullable Routine last;

    /**
     * @param memory
     *            bytes that a run may take, if there is a limit
     * @throws IllegalArgumentException
     *             if it takes more for row-major arrays, however it is sliced
     */
    Routines(Problem problem, Precision precision, OptionalLong memory) {
        this.problem = problem;
        this.precision = precision;
        this.memory = memory;
        if (memory.isPresent()) {
            rowMajor();
        }
        Object forgotten = owner;
        CLEANER.register(this, () -> CACHE.forget(key -> key.owner == forgotten));
    }

    Problem problem() {
        return problem;
    }

    Precision precision() {
        return precision;
    }

    /** Computes the results, if the arrays are like those of the last call. */
    boolean runLike(INDArray[] operands, INDArray[] results) {
        Routine routine = last;
        if (routine == null || !routine.fits(operands, results)) {
            return false;
        }
        routine.run(operands, results);
        return true;
    }

    /**
     * Computes the results.
     *
     * @throws IllegalArgumentException
     *             if a number of arrays, a shape or a type is not the compiled one, or a result shares memory
     */
    void run(INDArray[] operands, INDArray[] results) {
        if (!runLike(operands, results)) {
            check(operands, results);
            long[][] strides = new long[operands.length + results.length][];
            for (int i = 0; i < strides.length; i++) {
                strides[i] = (i < operands.length ? operands[i] : results[i - operands.length]).stride();
            }
            Routine routine = of(strides);
            last = routine;
            routine.run(operands, results);
        }
    }

    /**
     * @param factors
     *            tensors that each result is a sum of products of
     */
    Explanation explain(String equation, int factors) {
        Routine routine = rowMajor();
        return Explanation.of(equation, factors, routine.problem(), routine.plan(), precision);
    }

    /** For row-major arrays. */
    Routine rowMajor() {
        return of(problem.varying().stream().map(value -> problem.view(value).rowMajor()).toArray(long[][]::new));
    }

    private Routine of(long[][] strides) {
        Key key = new Key(owner, Arrays.stream(strides).map(s -> Arrays.stream(s).boxed().toList()).toList());
        return CACHE.get(key, _ -> compiled(strides));
    }

    private Routine compiled(long[][] strides) {
        return memory.isPresent()
                ? within(memory.getAsLong(), strides)
                : new Routine(problem, precision, strides, true);
    }

    /** In as few slices as keep to the limit; with copies for faster products if these do. */
    private Routine within(long limit, long[][] strides) {
        long least = Long.MAX_VALUE;
        Optional<Problem> next = Optional.of(problem);
        while (next.isPresent()) {
            for (boolean copies : new boolean[]{true, false}) {
                Routine routine = new Routine(next.get(), precision, strides, copies);
                long bytes = routine.plan().bytes();
                if (bytes <= limit) {
                    return routine;
                }
                least = Math.min(least, bytes);
            }
            next = next.get().smaller().apply(limit / precision.bytes());
        }
        throw new IllegalArgumentException(
                "intermediate results take " + least + " bytes or more, however the einsum is "
                        + "sliced; the limit to its memory is " + limit);
    }

    private void check(INDArray[] operands, INDArray[] results) {
        List<Value> values = problem.varying();
        int outputs = problem.program().outputs().size();
        count("operands", operands.length, values.size() - outputs);
        count("arrays for results", results.length, outputs);
        for (int i = 0; i < values.size(); i++) {
            boolean given = i < operands.length;
            String name = given ? values.get(i).name() : "the array for result " + (i - operands.length);
            check(name, given ? operands[i] : results[i - operands.length], problem.view(values.get(i)));
        }
        for (int i = 0; i < results.length; i++) {
            if (Overlap.within(results[i].shape(), results[i].stride())) {
                throw new IllegalArgumentException("the array for result " + i + " of shape "
                        + Arrays.toString(results[i].shape()) + " has strides " + Arrays.toString(results[i].stride())
                        + ": several of its elements are one in memory; expected a place for each, as in a dup()");
            }
        }
    }

    private static void count(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException("expected " + expected + " " + what + ", found " + found);
        }
    }

    private void check(String name, INDArray array, View view) {
        if (array.dataType() != precision.dataType()) {
            throw new IllegalArgumentException(name + " is of type " + array.dataType()
                    + "; the expression was compiled for " + precision.dataType());
        }
        if (!Arrays.equals(array.shape(), view.shape())) {
            throw new IllegalArgumentException(name + " has shape " + Arrays.toString(array.shape())
                    + "; the expression was compiled for " + Arrays.toString(view.shape()));
        }
    }
}
