package org.einscale.einsum.equation;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Draws a caret under a place in a text, as terminals show it: East Asian letters and emoji take two columns, combining and
 * invisible signs none.
 */
public final class CaretLine {
    private static final Set<UnicodeScript> WIDE = EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA, UnicodeScript.HANGUL, UnicodeScript.BOPOMOFO, UnicodeScript.YI);

    private CaretLine() {
    }

    /**
     * The text in one line, indented, and a line below it with the caret.
     *
     * @param position
     *            index of a character of the text, at most its length
     */
    public static String under(String text, int position) {
        int columns = text.substring(0, position).codePoints().map(CaretLine::columns).sum();
        return "    " + text.replaceAll("\\s", " ") + "\n    " + " ".repeat(columns) + "^";
    }

    private static int columns(int c) {
        int kind = Character.getType(c);
        if (kind == Character.NON_SPACING_MARK || kind == Character.ENCLOSING_MARK || kind == Character.FORMAT) {
            return 0;
        }
        boolean halfWidth = c >= 0xFF61 && c <= 0xFFDC;
        boolean fullWidth = c >= 0x3000 && c <= 0x303E || c >= 0xFF01 && c <= 0xFF60 || c >= 0xFFE0 && c <= 0xFFE6;
        boolean wide = fullWidth || Character.isEmojiPresentation(c) || WIDE.contains(UnicodeScript.of(c));
        return wide && !halfWidth ? 2 : 1;
    }
}
