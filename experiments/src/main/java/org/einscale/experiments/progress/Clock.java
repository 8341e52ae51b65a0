package org.einscale.experiments.progress;

import java.time.Duration;
import java.util.Locale;

/** Stretches of time as people read them. */
public final class Clock {
    private Clock() {
    }

    /** Like {@code 0:07}, {@code 12:30} or {@code 1:02:03}. */
    public static String text(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
