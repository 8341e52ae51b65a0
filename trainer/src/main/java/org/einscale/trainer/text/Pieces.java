package org.einscale.trainer.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pieces that byte-pair merges never cross. A piece is, whichever comes first:
 * <ol>
 * <li>letters and their marks, with one space before them if there is one;
 * <li>one to three digits, likewise with a space;
 * <li>other visible characters, likewise with a space;
 * <li>line breaks;
 * <li>other white space that more white space follows, so that the last space goes to the next word;
 * <li>one white-space character.
 * </ol>
 * Every character matches one of these, so the pieces laid end to end are the text. No piece is longer than
 * {@value #LONGEST} characters and a space, which makes encoding linear in the length of any text.
 */
final class Pieces {
    static final int LONGEST = 64;

    /** Part of what decides how a tokenizer encodes, hence of its fingerprint and its file. */
    static final String PATTERN = " ?[\\p{L}\\p{M}]{1,64}" + "| ?\\p{N}{1,3}" + "| ?[^\\s\\p{L}\\p{M}\\p{N}]{1,64}"
            + "|\\n{1,64}" + "|[^\\S\\n]{1,64}(?=\\s)" + "|\\s";

    private static final Pattern PIECE = Pattern.compile(PATTERN);

    private Pieces() {
    }

    /** Steps through the pieces of a text: each {@code find()} is the next piece, each {@code group()} its text. */
    static Matcher of(String wellFormed) {
        return PIECE.matcher(wellFormed);
    }
}
