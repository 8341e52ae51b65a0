package org.einscale.experiments.progress;

import java.io.PrintStream;
import java.util.List;

/** Lines at the end of a terminal that are drawn again in their place. */
public final class RedrawnLines {
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private int drawn;

    public RedrawnLines(PrintStream out) {
        this.out = out;
    }

    /** Takes the lines away. */
    public void erase() {
        if (drawn > 0) {
            out.print((CLEAR_LINE + "\u001b[1A").repeat(drawn) + CLEAR_LINE);
            drawn = 0;
        }
    }

    /** Draws lines in the place of those drawn before; each must fit the terminal. */
    public void draw(List<String> lines) {
        erase();
        lines.forEach(out::println);
        drawn = lines.size();
        out.flush();
    }
}
