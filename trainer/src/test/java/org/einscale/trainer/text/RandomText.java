package org.einscale.trainer.text;

import org.einscale.tensor.random.Philox;

/** Strings of every kind of character: letters of many scripts, white space, emoji, and surrogates without partner. */
final class RandomText {
    private static final int[] STARTS = {' ', 'a', 'a', '0', '\n', '\t', '!', 0xC0, 0x301, 0x400, 0x4E00, 0x1F600,
        0xD800,
        0xDC00, 0x10FF00, 0};

    private final Philox random;
    private long index;

    RandomText(String name) {
        this.random = Philox.of(1, name);
    }

    String next(int longest) {
        var text = new StringBuilder();
        for (int left = below(longest + 1); left > 0; left--) {
            int start = STARTS[below(STARTS.length)];
            text.appendCodePoint(start + below(start == ' ' || start == '\n' ? 1 : 20));
        }
        return text.toString();
    }

    int below(int limit) {
        return (int) (random.uniform(index++) * limit);
    }
}
