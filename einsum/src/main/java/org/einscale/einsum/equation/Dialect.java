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

    /**
     * The dialect that a string is written in: words if two names, or a name and an ellipsis, stand side by side in a term with only spaces between,
     * or if there are parentheses, brackets or the axis 1; else letters.
     */
    public static Dialect of(String text) {
        return WORDS_ONLY.matcher(text).find() ? WORDS : LETTERS;
    }
}
