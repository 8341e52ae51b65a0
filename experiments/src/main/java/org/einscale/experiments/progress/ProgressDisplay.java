package org.einscale.experiments.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Shows trials that run side by side: on a terminal one line each, redrawn in place; elsewhere a plain line each now and
 * then. Any thread may report.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintStream out;
    private final int columns;
    private final LongSupplier nanoClock;
    private final List<ProgressLine> running = new ArrayList<>();
    private final RedrawnLines lines;
    private long lastDrawn;

    /**
     * @param columns width of the terminal, 0 if out is none
     * @param nanoClock as {@link System#nanoTime()}
     */
    public ProgressDisplay(PrintStream out, int columns, LongSupplier nanoClock) {
        this.out = out;
        this.columns = columns;
        this.lines = new RedrawnLines(out);
        this.nanoClock = nanoClock;
        this.lastDrawn = nanoClock.getAsLong() - REDRAW_NANOS;
    }

    /** On standard error, plain where that is no terminal or not to be redrawn. */
    public static ProgressDisplay onStandardError() {
        int columns = Terminal.isPlain(System.getenv()) ? 0 : Terminal.columns();
        return new ProgressDisplay(System.err, columns, System::nanoTime);
    }

    /** A new line, for a trial of so many steps. */
    public synchronized ProgressLine start(String name, long steps) {
        ProgressLine line = new ProgressLine(this, name, steps, nanoClock.getAsLong());
        running.add(line);
        return line;
    }

    /** A message of its own, above the lines of what runs. */
    public synchronized void message(String text) {
        lines.erase();
        out.println(text);
        draw();
    }

    @Override
    public synchronized void close() {
        lines.erase();
        running.clear();
        out.flush();
    }

    synchronized void updated(ProgressLine line, long step, double loss, double tokensPerSecond) {
        long now = nanoClock.getAsLong();
        line.set(step, loss, tokensPerSecond, now);
        if (columns > 0) {
            if (now - lastDrawn >= REDRAW_NANOS) {
                draw();
                lastDrawn = now;
            }
        } else if (now - line.lastPrinted() >= PLAIN_NANOS) {
            out.println(line.plain());
            line.printed(now);
        }
    }

    synchronized void ended(ProgressLine line, String summary) {
        running.remove(line);
        message(line.name() + ": " + summary);
    }

    private void draw() {
        if (columns > 0) {
            int nameWidth = running.stream().mapToInt(line -> line.name().length()).max().orElse(0);
            lines.draw(running.stream().map(line -> line.live(nameWidth, columns)).toList());
        }
        out.flush();
    }
}
