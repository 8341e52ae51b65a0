package org.einscale.einsum.equation;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** How many columns of a terminal a text takes: East Asian letters and emoji two, combining and invisible signs none. */
final class Columns {
    private static final Set<UnicodeScript> WIDE = EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA, UnicodeScript.HANGUL, UnicodeScript.BOPOMOFO, UnicodeScript.YI);

    private Columns() {
    }

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    private static int of(int c) {
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
