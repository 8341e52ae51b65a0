package org.einscale.experiments.progress;

import java.time.Duration;
import java.util.Locale;

/** The progress of one trial. Its trial reports to it; {@link ProgressDisplay} shows it. */
public final class ProgressLine {
    private static final int BAR_WIDTH = 20;
    private static final int LEAST_BAR_WIDTH = 4;
    private static final int BAR_FRAME = "[] ".length();

    private final ProgressDisplay progress;
    private final String name;
    private final long steps;
    private long firstStep = -1;
    private long firstTime;
    private long step;
    private double loss = Double.NaN;
    private double tokensPerSecond = Double.NaN;
    private long now;
    private long lastPrinted;

    ProgressLine(ProgressDisplay progress, String name, long steps, long started) {
        this.progress = progress;
        this.name = name;
        this.steps = steps;
        this.now = started;
        this.lastPrinted = started;
    }

    /**
     * @param step steps done
     * @param loss the latest training loss, in nats a token
     * @param tokensPerSecond the present speed
     */
    public void update(long step, double loss, double tokensPerSecond) {
        progress.updated(this, step, loss, tokensPerSecond);
    }

    /** Takes the line away and leaves a summary in its place. */
    public void end(String summary) {
        progress.ended(this, summary);
    }

    String name() {
        return name;
    }

    void set(long newStep, double newLoss, double newTokensPerSecond, long time) {
        if (firstStep < 0) {
            // A resumed trial starts late: only the steps of this process say how fast it goes.
            firstStep = newStep;
            firstTime = time;
        }
        step = newStep;
        loss = newLoss;
        tokensPerSecond = newTokensPerSecond;
        now = time;
    }

    long lastPrinted() {
        return lastPrinted;
    }

    void printed(long time) {
        lastPrinted = time;
    }

    String plain() {
        return String.format(Locale.ROOT, "%s: step %d/%d (%d%%)%s", name, step, steps,
                steps == 0 ? 100 : 100 * step / steps, figures());
    }

    /** One line that fits: figures first, then as much of a bar as there is room for. */
    String live(int nameWidth, int columns) {
        int stepWidth = Long.toString(steps).length();
        String start = String.format(Locale.ROOT, "%-" + Math.max(1, nameWidth) + "s ", name);
        String end = String.format(Locale.ROOT, "%" + stepWidth + "d/%d%s", step, steps, figures());
        String line = start + bar(columns - 1 - start.length() - end.length() - BAR_FRAME) + end;
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1));
    }

    private String bar(int room) {
        int width = Math.min(BAR_WIDTH, room);
        if (width < LEAST_BAR_WIDTH) {
            return "";
        }
        int full = steps == 0 ? width : (int) Math.min(width, width * step / steps);
        return "[" + "#".repeat(full) + "-".repeat(width - full) + "] ";
    }

    private String figures() {
        StringBuilder figures = new StringBuilder();
        if (!Double.isNaN(loss)) {
            figures.append(String.format(Locale.ROOT, "  loss %.4f", loss));
        }
        if (!Double.isNaN(tokensPerSecond)) {
            figures.append("  ").append(speed(tokensPerSecond)).append(" tokens/s");
        }
        if (firstStep >= 0 && step > firstStep) {
            double nanosPerStep = (double) (now - firstTime) / (step - firstStep);
            figures.append("  ETA ").append(Clock.text(Duration.ofNanos((long) (nanosPerStep * (steps - step)))));
        }
        return figures.toString();
    }

    private static String speed(double perSecond) {
        if (perSecond >= 1e6) {
            return String.format(Locale.ROOT, "%.2fM", perSecond / 1e6);
        }
        return perSecond >= 1e3
                ? String.format(Locale.ROOT, "%.1fk", perSecond / 1e3)
                : String.format(Locale.ROOT, "%.0f", perSecond);
    }
}
