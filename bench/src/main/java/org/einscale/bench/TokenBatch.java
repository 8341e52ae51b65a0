package org.einscale.bench;

import org.einscale.tensor.random.Philox;

/**
 * A batch of bytes with something to learn in it: inputs are uniformly random and the target of x is (5 x + 3) mod 256.
 *
 * @param inputs B T tokens, sequence after sequence
 * @param targets the B T tokens to be predicted
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenBatch(int[] inputs, int[] targets) {
    /** The batch of a step, a pure function of size, seed and step. */
    public static TokenBatch of(ModelSize size, long seed, long step) {
        Philox random = Philox.of(seed, "tokens");
        int[] inputs = new int[size.tokens()];
        int[] targets = new int[size.tokens()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.bits(step * size.tokens() + i) >>> 24;
            targets[i] = 5 * inputs[i] + 3 & 0xff;
        }
        return new TokenBatch(inputs, targets);
    }
}
