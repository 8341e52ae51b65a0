package org.einscale.trainer.text;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.einscale.tensor.random.Permutation;
import org.einscale.tensor.random.Philox;

/**
 * The tokens of a corpus, its documents laid end to end in a random order that the seed decides. Each document is encoded
 * alone, so no token reaches over the end of a document. Immutable; shared by every training run on the same text.
 */
public final class TokenStream {
    private final String source;
    private final int[] tokens;
    private final int[] bytesOfToken;

    private TokenStream(String source, int[] tokens, int[] bytesOfToken) {
        this.source = source;
        this.tokens = tokens;
        this.bytesOfToken = bytesOfToken;
    }

    /**
     * Encodes a corpus.
     *
     * @throws IllegalArgumentException if it has more tokens than one array holds
     */
    public static TokenStream of(Corpus corpus, Tokenizer tokenizer, long seed) {
        List<String> documents = corpus.documents();
        Permutation order = new Permutation(documents.size(), Philox.of(seed, "document order"));
        int[] tokens = new int[1024];
        int count = 0;
        for (int i = 0; i < documents.size(); i++) {
            int[] document = tokenizer.encode(documents.get((int) order.at(0, i)));
            if (count + document.length > tokens.length) {
                tokens = Arrays.copyOf(tokens, grown(count, document.length, corpus.source()));
            }
            System.arraycopy(document, 0, tokens, count, document.length);
            count += document.length;
        }
        return new TokenStream(corpus.source(), Arrays.copyOf(tokens, count), bytesOfToken(tokenizer));
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param tokenizer of the tokens
     */
    public static TokenStream read(DataInput in, Tokenizer tokenizer) throws IOException {
        String source = in.readUTF();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        int[] tokens = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(tokens);
        return new TokenStream(source, tokens, bytesOfToken(tokenizer));
    }

    /** Writes the tokens. */
    public void write(DataOutput out) throws IOException {
        out.writeUTF(source);
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(tokens.length, Integer.BYTES));
        bytes.asIntBuffer().put(tokens);
        out.writeInt(bytes.capacity());
        out.write(bytes.array());
    }

    private static int[] bytesOfToken(Tokenizer tokenizer) {
        int[] bytesOfToken = new int[tokenizer.vocabulary()];
        Arrays.setAll(bytesOfToken, token -> tokenizer.bytes(token).length);
        return bytesOfToken;
    }

    private static int grown(int count, int more, String source) {
        int largest = Integer.MAX_VALUE - 8;
        if (count > largest - more) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT,
                            "%s has more than %,d tokens, the most that a run can hold; use less text", source,
                            largest));
        }
        return (int) Math.min(largest, 2L * (count + more));
    }

    /** Where the text comes from. */
    public String source() {
        return source;
    }

    /** Number of tokens. */
    public int length() {
        return tokens.length;
    }

    /** Number of different tokens that there may be. */
    public int vocabulary() {
        return bytesOfToken.length;
    }

    /**
     * Copies consecutive tokens, going on at the start after the end.
     *
     * @param from position of the first token, 0 to {@code length() - 1}
     * @param into modified from {@code offset} on
     */
    void copy(int from, int[] into, int offset, int count) {
        int untilEnd = Math.min(count, tokens.length - from);
        System.arraycopy(tokens, from, into, offset, untilEnd);
        System.arraycopy(tokens, 0, into, offset + untilEnd, count - untilEnd);
    }

    /** How many bytes of text the tokens at positions {@code from} to {@code to - 1} stand for. */
    public long bytes(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += bytesOfToken[tokens[i]];
        }
        return sum;
    }

    /** @throws IllegalArgumentException unless a sequence of this length and the token after it fit */
    public void requireLonger(int length) {
        if (length < 1) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "sequence length %d: expected 1 or more", length));
        }
        if (length >= tokens.length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT,
                            "sequence length %,d is too long for the text: %s has %,d token%s; use %s",
                            length, source, tokens.length, tokens.length == 1 ? "" : "s", tokens.length > 1
                                    ? String.format(Locale.ROOT, "at most %,d, or more text", tokens.length - 1)
                                    : "more text"));
        }
    }
}
