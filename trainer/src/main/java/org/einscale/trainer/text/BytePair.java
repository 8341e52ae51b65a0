package org.einscale.trainer.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level byte-pair encoding: tokens 0 to 255 are the bytes, and each merge, in the order learned, adds a token that
 * stands for two earlier ones side by side. A text is cut into {@linkplain Pieces pieces}, and in each piece the earliest
 * learned merge is applied first, leftmost first, until none applies.
 *
 * <p>Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units"; on bytes as in
 * Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2).
 */
public final class BytePair implements Tokenizer {
    /** The number of tokens before the first merge. */
    public static final int BYTES = 256;
    private static final int REMEMBERED_PIECES = 1 << 17;

    /** A token made of two earlier ones. */
    public record Merge(int left, int right) {}

    private final List<Merge> merges;
    private final byte[][] bytes;
    private final Map<Long, Integer> tokenOfPair;
    private final ConcurrentHashMap<String, int[]> remembered = new ConcurrentHashMap<>();

    /**
     * The tokenizer with these merges, the first making token 256.
     *
     * @throws IllegalArgumentException if a merge uses a token that does not come before it, or repeats an earlier merge
     */
    public BytePair(List<Merge> merges) {
        this.merges = List.copyOf(merges);
        this.bytes = new byte[BYTES + merges.size()][];
        this.tokenOfPair = HashMap.newHashMap(merges.size());
        for (int b = 0; b < BYTES; b++) {
            bytes[b] = new byte[]{(byte) b};
        }
        for (int token = BYTES; token < bytes.length; token++) {
            Merge merge = merges.get(token - BYTES);
            if (Math.min(merge.left, merge.right) < 0 || Math.max(merge.left, merge.right) >= token) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "merge %d joins tokens %d and %d, but only 0 to %d exist before it",
                                token - BYTES, merge.left, merge.right, token - 1));
            }
            if (tokenOfPair.putIfAbsent(pair(merge.left, merge.right), token) != null) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "merge %d joins tokens %d and %d, as an earlier merge does",
                                token - BYTES, merge.left, merge.right));
            }
            bytes[token] = concatenate(bytes[merge.left], bytes[merge.right]);
        }
    }

    /**
     * Learns merges: again and again the pair of tokens that stands side by side most often within pieces becomes a token;
     * of equally frequent pairs the one with the smaller left token, then the smaller right token. The order of the
     * documents does not matter.
     *
     * @param vocabulary number of tokens to reach, 256 or more
     * @throws IllegalArgumentException if no pair occurs twice before the vocabulary is reached
     */
    public static BytePair train(Iterable<String> documents, int vocabulary) {
        if (vocabulary < BYTES) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT,
                            "a byte-pair vocabulary of %d is too small: it holds the 256 bytes, so ask for 256 or more",
                            vocabulary));
        }
        return new BytePair(new BytePairTrainer(documents).learn(vocabulary - BYTES));
    }

    /** The merges in the order learned; merge {@code i} makes token {@code 256 + i}. */
    public List<Merge> merges() {
        return merges;
    }

    @Override
    public String name() {
        return "byte-pair-" + vocabulary();
    }

    @Override
    public int vocabulary() {
        return bytes.length;
    }

    @Override
    public byte[] bytes(int token) {
        if (token < 0 || token >= bytes.length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "no token %d: %s has tokens 0 to %d", token, name(), bytes.length - 1));
        }
        return bytes[token].clone();
    }

    @Override
    public int[] encode(String text) {
        Matcher piece = Pieces.of(Utf8.wellFormed(text));
        int[] tokens = new int[16 + text.length() / 2];
        int count = 0;
        while (piece.find()) {
            int[] of = encodePiece(piece.group());
            if (count + of.length > tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * (count + of.length));
            }
            System.arraycopy(of, 0, tokens, count, of.length);
            count += of.length;
        }
        return Arrays.copyOf(tokens, count);
    }

    private int[] encodePiece(String piece) {
        int[] known = remembered.get(piece);
        if (known != null) {
            return known;
        }
        int[] tokens = merge(piece.getBytes(StandardCharsets.UTF_8));
        if (remembered.size() < REMEMBERED_PIECES) {
            remembered.put(piece, tokens);
        }
        return tokens;
    }

    private int[] merge(byte[] piece) {
        int[] tokens = new int[piece.length];
        for (int i = 0; i < piece.length; i++) {
            tokens[i] = Byte.toUnsignedInt(piece[i]);
        }
        int length = tokens.length;
        while (true) {
            int earliest = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < length; i++) {
                Integer made = tokenOfPair.get(pair(tokens[i], tokens[i + 1]));
                earliest = made == null ? earliest : Math.min(earliest, made);
            }
            if (earliest == Integer.MAX_VALUE) {
                return Arrays.copyOf(tokens, length);
            }
            Merge merge = merges.get(earliest - BYTES);
            length = replace(tokens, length, merge.left, merge.right, earliest);
        }
    }

    /**
     * Replaces each occurrence of {@code left right}, from the left and without overlap, by one token, in place.
     *
     * @return the new length
     */
    static int replace(int[] tokens, int length, int left, int right, int by) {
        int to = 0;
        for (int from = 0; from < length; to++) {
            if (from + 1 < length && tokens[from] == left && tokens[from + 1] == right) {
                tokens[to] = by;
                from += 2;
            } else {
                tokens[to] = tokens[from];
                from++;
            }
        }
        return to;
    }

    /** Two token numbers in one key that sorts by left, then right. */
    static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    private static byte[] concatenate(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    @Override
    public String fingerprint() {
        ByteBuffer pairs = ByteBuffer.allocate(2 * Integer.BYTES * merges.size());
        merges.forEach(merge -> pairs.putInt(merge.left).putInt(merge.right));
        return new Fingerprint().add("byte-pair").add(Pieces.PATTERN).add(pairs.array()).hex();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BytePair that && merges.equals(that.merges);
    }

    @Override
    public int hashCode() {
        return merges.hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
