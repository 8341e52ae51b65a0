package org.einscale.trainer.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The two places where UTF-8 is strict: text that cannot be written as UTF-8, and bytes that are not UTF-8. */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {
    }

    /** The text with each surrogate that has no partner replaced by U+FFFD; the same object when there is none. */
    static String wellFormed(String text) {
        int bad = firstLoneSurrogate(text, 0);
        if (bad < 0) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (int at = bad; at >= 0; at = firstLoneSurrogate(text, at + 1)) {
            chars[at] = REPLACEMENT;
        }
        return new String(chars);
    }

    private static int firstLoneSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c) && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return -1;
    }

    /** The UTF-8 bytes of the text, a surrogate without partner counting as U+FFFD. */
    static byte[] bytes(String text) {
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Decodes bytes that must be UTF-8.
     *
     * @param origin where the bytes come from, for the message
     * @throws IllegalArgumentException naming the origin and the offset of the first byte that is not UTF-8
     */
    static String strict(byte[] bytes, Object origin) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT,
                            "%s is not UTF-8 text: byte %d (0x%02X) begins no valid character; convert it to UTF-8 first",
                            origin, in.position(), bytes[in.position()]));
        }
        return out.flip().toString();
    }
}
