package org.einscale.einsum.equation;

import java.util.regex.Pattern;

/** What counts as one axis in an einsum string. */
public enum Dialect {
    /** Each Unicode letter, as in NumPy: {@code bld,df->blf}. */
    LETTERS,
    /** Each name, a letter and then letters, digits or underscores; names stand apart by spaces: {@code b l d, d f -> b l f}. */
    WORDS;

    /** Two names or ellipses with only spaces between, or a sign that {@link #LETTERS} does not have. */
    private static final Pattern WORDS_ONLY = Pattern.compile("(?:[\\p{L}\\d_]|\\.{3})\\s+(?:[\\p{L}\\d_]|\\.{3})"
            + "|[()\\[\\]]|(?<![\\p{L}\\d_])1(?![\\p{L}\\d_])");

    /** Operands without spaces inside and an output of single letters apart, of which one or more operands' terms are longer. */
    private static final Pattern SPACED_OUTPUT = Pattern
            .compile("\\s*\\p{L}+\\s*(?:,\\s*\\p{L}+\\s*)*->\\s*\\p{L}(?:\\s+\\p{L})+\\s*");
    private static final Pattern LONGER_THAN_A_LETTER = Pattern.compile("\\p{L}{2}");

    /**
     * The dialect that a string is written in: words if two names, or a name and an ellipsis, stand side by side in a term with only spaces between,
     * or if there are parentheses, brackets or the axis 1; else letters. Spaces between
     * single letters of the output alone, as in {@code ij,jk->i k}, make no words where an operand has longer terms.
     */
    public static Dialect of(String text) {
        if (SPACED_OUTPUT.matcher(text).matches() && LONGER_THAN_A_LETTER.matcher(text).find()) {
            return LETTERS;
        }
        return WORDS_ONLY.matcher(text).find() ? WORDS : LETTERS;
    }
}
