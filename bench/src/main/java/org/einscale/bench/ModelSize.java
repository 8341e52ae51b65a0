package org.einscale.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Size of a GPT and of the batch it is trained on, written "layers,width,heads,context,batch" as in "2,32,2,64,8".
 *
 * @param layers number of blocks, L
 * @param width of the residual stream, d; a multiple of heads
 * @param heads of attention, h, each of width d / h
 * @param context tokens in a sequence, T
 * @param batch sequences in a step, B
 */
public record ModelSize(int layers, int width, int heads, int context, int batch) {
    /** Bytes are the tokens. */
    public static final int VOCABULARY = 256;

    /** The sizes that are measured unless others are asked for. */
    public static final List<ModelSize> STANDARD = Stream
            .of("2,32,2,64,8", "4,64,4,64,16", "4,128,4,128,8", "6,256,8,128,8").map(ModelSize::parse).toList();

    /** Throws IllegalArgumentException if an extent is not positive or heads does not divide width. */
    public ModelSize {
        if (layers < 1 || width < 1 || heads < 1 || context < 1 || batch < 1) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "model size: expected positive numbers, found %d,%d,%d,%d,%d", layers,
                            width, heads, context, batch));
        }
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "model size: the width, %d, is not a multiple of the %d heads", width,
                            heads));
        }
    }

    /**
     * Reads "layers,width,heads,context,batch", or the same with x for the commas, which JMH splits parameters at.
     *
     * @throws IllegalArgumentException if the text is not five positive numbers
     */
    public static ModelSize parse(String text) {
        String[] parts = text.strip().split("[,x]", -1);
        if (parts.length != 5 || !Stream.of(parts).allMatch(p -> p.strip().matches("\\d{1,9}"))) {
            throw new IllegalArgumentException(
                    "model size \"%s\": expected layers,width,heads,context,batch as in 2,32,2,64,8".formatted(text));
        }
        int[] n = Stream.of(parts).mapToInt(p -> Integer.parseInt(p.strip())).toArray();
        return new ModelSize(n[0], n[1], n[2], n[3], n[4]);
    }

    /** Width of a head, k. */
    public int headWidth() {
        return width / heads;
    }

    /** Hidden width of the MLP, f. */
    public int hidden() {
        return 4 * width;
    }

    /** Tokens in a step, B T. */
    public int tokens() {
        return batch * context;
    }

    /** Parameters that take part in a matrix product, N: all but the embeddings and the norms. */
    public long matmulParameters() {
        return 12L * layers * width * width + (long) width * VOCABULARY;
    }

    /** Floating-point operations of a step's products with parameters, 6 N a token (Kaplan et al. 2020, section 2.1). */
    public double parameterFlops() {
        return 6.0 * matmulParameters() * tokens();
    }

    /**
     * Floating-point operations of a step's attention scores and mixtures, 12 L T d a token: two products of 2 T d each
     * forward and twice that backward. Counted as if every query saw all T keys, whoever skips masked ones.
     */
    public double attentionFlops() {
        return 12.0 * layers * context * width * tokens();
    }

    @Override
    public String toString() {
        return layers + "," + width + "," + heads + "," + context + "," + batch;
    }
}
