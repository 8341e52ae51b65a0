package org.einscale.bench;

/** A model in training. Not safe for use by several threads: whoever made it runs it. */
public interface StepRunner extends AutoCloseable {
    /**
     * Forward, backward, clip, AdamW, by {@link Recipe}.
     *
     * @param inputs B T tokens, sequence after sequence, not modified
     * @param targets B T tokens, not modified
     * @return mean cross-entropy in nats before the update
     */
    float step(int[] inputs, int[] targets);

    /** Frees the model. */
    @Override
    void close();
}
