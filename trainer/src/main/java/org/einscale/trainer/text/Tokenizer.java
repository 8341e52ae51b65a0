package org.einscale.trainer.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Text to token numbers and back. A token stands for a fixed sequence of one or more bytes, and the bytes of the tokens of
 * a text are its UTF-8 bytes in order: nothing is lost, and loss per token can be turned exactly into bits per byte.
 * Tokenizers are immutable values and may be used by many threads at once.
 */
public sealed interface Tokenizer permits ByteTokenizer, BytePair {
    /** A short name that tells kind and size, such as {@code bytes} or {@code byte-pair-2048}. */
    String name();

    /** Number of tokens; token numbers are 0 to {@code vocabulary() - 1}. */
    int vocabulary();

    /** The tokens of a text. A surrogate without its partner counts as U+FFFD. */
    int[] encode(String text);

    /**
     * The bytes that a token stands for, at least one, in a new array.
     *
     * @throws IllegalArgumentException if there is no such token
     */
    byte[] bytes(int token);

    /** SHA-256, in hexadecimal, of everything that decides how this tokenizer encodes. */
    String fingerprint();

    /** The text of a sequence of tokens; bytes that are not UTF-8 become U+FFFD. */
    default String decode(int[] tokens) {
        var bytes = new ByteArrayOutputStream(tokens.length * 2);
        for (int token : tokens) {
            bytes.writeBytes(bytes(token));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
