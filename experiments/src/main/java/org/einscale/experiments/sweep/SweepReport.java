package org.einscale.experiments.sweep;

import java.util.List;
import java.util.Locale;
import org.einscale.experiments.RunFolder;
import org.einscale.experiments.config.Settings;
import org.einscale.scaling.Figures;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Draws;
import org.einscale.scaling.fit.FitReport;
import org.einscale.scaling.law.Power;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.plot.CurveFigure;
import org.einscale.scaling.plot.HistoryFigure;
import org.einscale.scaling.table.CsvPoints;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;

/**
 * What a sweep ends with: the law fitted to its table, its figures, and a summary for people.
 *
 * @param folder the run's
 * @param runs a row for each trial
 * @param settings the experiment's
 */
public record SweepReport(RunFolder folder, List<Run> runs, Settings settings) {

    /** Writes the fit and the figures, as far as the finished trials allow, and returns the summary. */
    public String write() {
        StringBuilder text = new StringBuilder(table(runs)).append('\n');
        if (runs.stream().anyMatch(run -> run.status() == Run.Status.FINISHED)) {
            new HistoryFigure(HistoryTable.read(folder.history())).write(folder.losses());
            text.append(fit()).append('\n');
        }
        return text.append("everything is in ").append(folder.path()).append('\n').toString();
    }

    private String fit() {
        Study study;
        try {
            study = Study.of(Power.N, CsvPoints.read(folder.runs(), "n", "val_loss"), List.of(),
                    new Draws(settings.fit().bootstrap(), settings.seed(), false));
        } catch (ScalingException tooFew) {
            return "no law fitted: " + tooFew.getMessage() + "\n";
        }
        FitReport report = new FitReport(study);
        report.write(folder.fit());
        new CurveFigure(study.held()).write(folder.curve());
        return report.table();
    }

    /** A line for each trial. */
    public static String table(List<Run> runs) {
        int width = runs.stream().mapToInt(run -> run.trial().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        line(text, width, "trial", "N", "loss", "bits/byte", "tokens/s");
        for (Run run : runs) {
            if (run.status() == Run.Status.FINISHED) {
                line(text, width, run.trial(), Figures.count(run.n()), Figures.of(run.valLoss()),
                        Figures.of(run.valBitsPerByte()), Figures.count(run.tokensPerSecond()));
            } else {
                line(text, width, run.trial(), Figures.count(run.n()), "failed", "", "");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int width, String trial, String... cells) {
        text.append(String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", trial));
        for (String cell : cells) {
            text.append(String.format(Locale.ROOT, " %10s", cell));
        }
        text.append('\n');
    }
}
