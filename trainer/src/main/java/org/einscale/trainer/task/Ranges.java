package org.einscale.trainer.task;

import java.util.Locale;

/** What the settings of a task may be. */
final class Ranges {
    private Ranges() {
    }

    /** @throws IllegalArgumentException if it is not fine, with what was found and expected */
    static void require(boolean fine, String name, double found, String expected) {
        if (!fine) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s is %s; expected %s", name,
                    found == Math.rint(found) ? String.format(Locale.ROOT, "%.0f", found) : Double.toString(found),
                    expected));
        }
    }
}
