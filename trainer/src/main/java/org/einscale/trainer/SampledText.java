package org.einscale.trainer;

import java.util.function.Consumer;
import org.einscale.trainer.text.Utf8Stream;

/**
 * A text as its bytes come. Characters are passed on as soon as they are complete and cannot be the start of the
 * separator that ends the document; the separator itself is not passed on, nor what follows it.
 */
final class SampledText {
    private final String separator;
    private final Consumer<String> stream;
    private final Utf8Stream characters = new Utf8Stream();
    private final StringBuilder text = new StringBuilder();
    private int passedOn;
    private boolean ended;

    /** @param separator ends the text; empty for a text that does not end by itself */
    SampledText(String separator, Consumer<String> stream) {
        this.separator = separator;
        this.stream = stream;
    }

    void add(byte[] bytes) {
        text.append(characters.accept(bytes));
        int end = separator.isEmpty() ? -1 : text.indexOf(separator);
        if (end >= 0) {
            text.setLength(end);
            ended = true;
        }
        passOn(ended ? text.length() : text.length() - startOfSeparator());
    }

    /** Characters at the end that the next ones may make the separator of. */
    private int startOfSeparator() {
        int most = Math.min(separator.length(), text.length());
        for (int count = most; count > 0; count--) {
            if (text.substring(text.length() - count).equals(separator.substring(0, count))) {
                return count;
            }
        }
        return 0;
    }

    private void passOn(int until) {
        if (until > passedOn) {
            stream.accept(text.substring(passedOn, until));
            passedOn = until;
        }
    }

    boolean ended() {
        return ended;
    }

    /** Passes the rest on and tells the whole text. */
    String finish() {
        if (!ended) {
            text.append(characters.finish());
        }
        passOn(text.length());
        return text.toString();
    }
}
