package org.einscale.bench.einsum;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** How far a comparison is: a line that is rewritten on a terminal, and lines one after the other elsewhere. */
final class ComparisonProgress {
    private static final String CLEAR = "\r\033[K";

    private final PrintWriter to;
    private final boolean terminal;
    private final int total;
    private final long start = System.nanoTime();
    private int done;

    private ComparisonProgress(PrintWriter to, boolean terminal, int total) {
        this.to = to;
        this.terminal = terminal;
        this.total = total;
    }

    /** Of so many cases. */
    static ComparisonProgress of(int total, PrintWriter to) {
        Console console = System.console();
        return new ComparisonProgress(to, console != null && console.isTerminal(), total);
    }

    /** A case begins. */
    void begin(EinsumCase what) {
        print(String.format(Locale.ROOT, "%d/%d %s%s", done + 1, total, what, left()));
        done++;
    }

    /** Something that stays on the screen. */
    void notice(String text) {
        to.print(terminal ? CLEAR : "");
        to.println(text);
        to.flush();
    }

    /** Makes room for what follows. */
    void end() {
        to.print(terminal ? CLEAR : "");
        to.flush();
    }

    private String left() {
        if (done == 0) {
            return "";
        }
        Duration left = Duration.ofNanos((System.nanoTime() - start) / done * (total - done));
        return String.format(Locale.ROOT, ", %d:%02d left", left.toMinutes(), left.toSecondsPart());
    }

    private void print(String text) {
        to.print(terminal ? CLEAR + text : text + System.lineSeparator());
        to.flush();
    }
}
