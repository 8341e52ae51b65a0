package org.einscale.trainer.text;

import java.util.Locale;
import org.einscale.tensor.random.Permutation;
import org.einscale.tensor.random.Philox;

/**
 * Training batches, each a pure function of seed and step, so that a resumed run sees what an undisturbed one sees.
 *
 * <p>The stream, taken as a ring, is cut into windows of {@code length} tokens that do not overlap, from a starting point
 * that is random in each epoch, and an epoch goes through all windows in a random order. No token is an input twice in an
 * epoch; the fewer than {@code length} tokens that no window takes differ from epoch to epoch. A batch may hold windows of
 * two epochs.
 */
public final class Batches {
    private final TokenStream stream;
    private final int batch;
    private final int length;
    private final long windows;
    private final Permutation order;
    private final Philox starts;

    /**
     * @param batch sequences in a batch
     * @param length tokens in a sequence
     * @throws IllegalArgumentException if one of them is below 1 or the sequences are longer than the text
     */
    public Batches(TokenStream stream, int batch, int length, long seed) {
        stream.requireLonger(length);
        if (batch < 1) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "batch of %d sequences: expected 1 or more", batch));
        }
        this.stream = stream;
        this.batch = batch;
        this.length = length;
        this.windows = stream.length() / length;
        this.order = new Permutation(windows, Philox.of(seed, "window order"));
        this.starts = Philox.of(seed, "window start");
    }

    /** Sequences in a batch. */
    public int batch() {
        return batch;
    }

    /** Tokens in a sequence. */
    public int length() {
        return length;
    }

    /** Windows in an epoch. */
    public long windows() {
        return windows;
    }

    /**
     * Writes the batch of a step. Allocates nothing.
     *
     * @param step 0 or more
     * @param inputs {@code [batch, length]} by rows; all modified
     * @param targets of the same shape, the token that follows each input; all modified
     * @throws IllegalArgumentException if an array has another size
     */
    public void fill(long step, int[] inputs, int[] targets) {
        if (inputs.length != batch * length || targets.length != batch * length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "arrays of %d inputs and %d targets for batches of %d x %d tokens",
                            inputs.length, targets.length, batch, length));
        }
        for (int row = 0; row < batch; row++) {
            int from = position(step * batch + row);
            stream.copy(from, inputs, row * length, length);
            stream.copy((from + 1) % stream.length(), targets, row * length, length);
        }
    }

    /** Where in the stream the sequence begins that is dealt out after {@code earlier} others. */
    private int position(long earlier) {
        long epoch = earlier / windows;
        long start = (long) (starts.uniform(epoch) * stream.length());
        return (int) ((start + order.at(epoch, earlier % windows) * length) % stream.length());
    }
}
