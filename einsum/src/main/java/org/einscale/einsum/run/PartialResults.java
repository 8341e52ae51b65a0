package org.einscale.einsum.run;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A result in float32 to which many slices add. Added one after another, n numbers are wrong by up to n units in the last place:
 * after every {@value #MOST_ADDED} additions what the result holds is added to a sum kept aside, and this one after as many to
 * the next, so that an array of the result's size is held for each power of {@value #MOST_ADDED}.
 */
final class PartialResults {
    /** Additions one after another. */
    static final int MOST_ADDED = 128;

    private final INDArray result;
    private final long interval;
    private final List<INDArray> sums = new ArrayList<>();
    private long runs;

    /**
     * @param result
     *            filled with zeros
     * @param interval
     *            runs in which no element is added to more than {@value #MOST_ADDED} times
     */
    PartialResults(INDArray result, long interval) {
        this.result = result;
        this.interval = interval;
    }

    /** To be called after each run of a slice. */
    void added() {
        runs++;
        INDArray full = result;
        long every = interval;
        for (int level = 0; runs % every == 0; level++) {
            if (level == sums.size()) {
                sums.add(Nd4j.zeros(result.dataType(), result.shape()));
            }
            sums.get(level).addi(full);
            full.assign(0);
            full = sums.get(level);
            every *= MOST_ADDED;
        }
    }

    /** Adds what was kept aside. */
    void finish() {
        sums.forEach(result::addi);
    }
}
