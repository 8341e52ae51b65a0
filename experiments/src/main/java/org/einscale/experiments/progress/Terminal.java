package org.einscale.experiments.progress;

import java.util.Map;

/** What the launcher and the environment say of the terminal. */
public final class Terminal {
    private Terminal() {
    }

    /** Columns of the terminal that standard error goes to, 0 if it goes elsewhere. */
    public static int columns() {
        return Integer.getInteger("einscale.columns", 0);
    }

    /** Whether nothing is to be coloured or redrawn: with {@code NO_COLOR} or {@code CI}, or on a terminal that cannot. */
    public static boolean isPlain(Map<String, String> environment) {
        return environment.containsKey("NO_COLOR") || environment.containsKey("CI")
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
    }
}
