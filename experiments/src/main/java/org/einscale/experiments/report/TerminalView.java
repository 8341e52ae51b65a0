package org.einscale.experiments.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.progress.Clock;
import org.einscale.scaling.Figures;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.TrialStatus;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.Run;

/**
 * A run as lines of text.
 *
 * @param page the run and its law
 * @param curves whether the terminal can show blocks of several heights
 */
public record TerminalView(RunPage page, boolean curves) {
    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
    private static final int BAR = 12;
    private static final int CURVE = 16;
    private static final int MOST = 16;

    /** A summary, a line for each trial that says most, and the law: no line longer than a terminal is wide. */
    public List<String> lines(int columns) {
        RunSnapshot run = page.run();
        List<TrialStatus> shown = run.all().stream().sorted(Comparator.comparingInt(this::rank)).limit(MOST).toList();
        int width = shown.stream().mapToInt(trial -> trial.name().length()).max().orElse(1);
        List<String> lines = new ArrayList<>();
        lines.add(run.folder().name() + ": " + new RunSections(run, page.fit()).state());
        shown.forEach(trial -> lines.add(line(trial, width, true)));
        if (run.all().size() > shown.size()) {
            lines.add("and " + (run.all().size() - shown.size()) + " more");
        }
        lines.add(law());
        return lines.stream().map(line -> line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1)))
                .toList();
    }

    /** A plain line for each trial that has begun, and the law. */
    public List<String> plain() {
        return Stream.concat(page.run().all().stream()
                .filter(trial -> trial.state(page.run().now()) != TrialStatus.State.WAITING)
                .map(trial -> line(trial, 1, false)), Stream.of(law())).toList();
    }

    /** The law with what is known of its exponents, in one line. */
    private String law() {
        return page.fit().study().map(study -> study.fit().law().equation() + study.fit().form().formula().exponents()
                .keySet().stream().map(name -> "; " + name + " in " + study.intervalText(name))
                .collect(Collectors.joining())
                + "; the largest predicted " + study.held().prediction().errorText())
                .orElseGet(() -> "no law yet: " + page.fit().problem());
    }

    private int rank(TrialStatus trial) {
        return switch (trial.state(page.run().now())) {
            case TRAINING -> 0;
            case SILENT -> 1;
            case FAILED -> 2;
            case FINISHED -> 3;
            case WAITING -> 4;
        };
    }

    private String line(TrialStatus trial, int width, boolean drawn) {
        TrialStatus.State state = trial.state(page.run().now());
        String name = String.format(Locale.ROOT, "%-" + width + "s %-8s ", trial.name(), TrialsTable.word(state));
        return (name + switch (state) {
            case WAITING -> "";
            case FINISHED -> trial.run().map(TerminalView::result).orElse("") + curve(trial, drawn);
            case FAILED -> trial.run().map(Run::failure).orElse("");
            case SILENT -> progress(trial, drawn) + trial.heard().filter(_ -> drawn)
                    .map(_ -> "  last heard of " + Clock.text(trial.silence(page.run().now())) + " ago").orElse("");
            case TRAINING -> progress(trial, drawn)
                    + trial.progress().map(TerminalView::speed).orElse("")
                    + trial.left().map(time -> "  ETA " + Clock.text(time)).orElse("") + curve(trial, drawn);
        }).stripTrailing();
    }

    private static String result(Run run) {
        return "loss " + Figures.of(run.valLoss())
                + (Double.isNaN(run.valBitsPerByte()) ? "" : "  " + Figures.of(run.valBitsPerByte()) + " bits/byte")
                + "  " + Figures.count(run.tokensPerSecond()) + " tokens/s";
    }

    private static String speed(Progress progress) {
        return "  loss " + Figures.of(progress.trainLoss()) + "  " + Figures.count(progress.tokensPerSecond())
                + " tokens/s";
    }

    private static String progress(TrialStatus trial, boolean drawn) {
        long steps = Math.max(1, trial.steps());
        int full = (int) (BAR * trial.step() / steps);
        String bar = drawn ? "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] " : "";
        return bar + trial.step() + "/" + trial.steps() + " (" + 100 * trial.step() / steps + "%)";
    }

    /** The validation loss so far, the highest to the lowest block. */
    private String curve(TrialStatus trial, boolean drawn) {
        List<Double> losses = trial.evaluations().stream().map(Evaluation::valLoss).filter(loss -> loss > 0).toList();
        if (!drawn || !curves || losses.size() < 2) {
            return "";
        }
        var range = losses.stream().mapToDouble(loss -> loss).summaryStatistics();
        double height = Math.log(range.getMax() / range.getMin());
        StringBuilder curve = new StringBuilder("  ");
        int points = Math.min(CURVE, losses.size());
        for (int i = 0; i < points; i++) {
            double loss = losses.get(i * (losses.size() - 1) / (points - 1));
            double place = height > 0 ? Math.log(loss / range.getMin()) / height : 0;
            curve.append(HEIGHTS.charAt((int) Math.round(place * (HEIGHTS.length() - 1))));
        }
        return curve.toString();
    }
}
