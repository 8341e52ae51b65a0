package org.einscale.trainer.task;

import org.einscale.tensor.random.Philox;

/** The examples of a task for one seed: tokens, and the answer that they ask for. */
public interface Examples {

    /**
     * Writes an example as often as it occurs: a pure function of stream and number. Allocates nothing.
     *
     * @param number 0 or more
     * @param tokens modified from {@code at} on
     * @return the answer
     */
    int draw(Philox draws, long number, int[] tokens, int at);

    /**
     * The same for one of so many examples that stand for all that there are, as evenly as they can.
     *
     * @param number below {@code count}
     */
    int even(long number, long count, int[] tokens, int at);
}
