package org.einscale.experiments.sweep;

import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.RunFolder;
import org.einscale.experiments.report.RunPage;
import org.einscale.experiments.report.RunSnapshot;
import org.einscale.experiments.report.SweepFit;
import org.einscale.scaling.Figures;
import org.einscale.scaling.fit.FitReport;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.plot.Figure;
import org.einscale.scaling.plot.HistoryFigure;
import org.einscale.scaling.plot.RateFigure;
import org.einscale.scaling.sweep.RateSearch;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.RateTable;
import org.einscale.scaling.table.Run;

/**
 * What a sweep ends with: the law fitted to its table, its figures, and a summary for people.
 *
 * @param folder the run's
 * @param runs a row for each trial
 */
public record SweepReport(RunFolder folder, List<Run> runs) {

    /** Writes the learning rates found by a search, and their figure. */
    static void rates(RunFolder folder, List<RateSearch> searches) {
        RateTable.write(folder.rates(), searches.stream()
                .map(search -> new RateTable.Row(search.size(), search.n(), search.rate(), search.losses().size(),
                        search.losses().firstKey(), search.losses().lastKey(), search.lowest(), search.isEnclosed()))
                .toList());
        new RateFigure(searches).write(folder.rateFigure());
    }

    /** Writes the fit, the figures and the report, as far as the finished trials allow, and returns the summary. */
    public String write() {
        StringBuilder text = new StringBuilder(rates()).append(table(runs)).append('\n');
        RunSnapshot snapshot = RunSnapshot.of(new RecordedRun(folder.path()), Instant.now());
        SweepFit fit = SweepFit.of(snapshot);
        if (runs.stream().anyMatch(run -> run.status() == Run.Status.FINISHED)) {
            new HistoryFigure(HistoryTable.read(folder.history())).write(folder.losses());
            text.append(fit.study().map(this::fitted).orElseGet(() -> "no law fitted: " + fit.problem() + "\n"))
                    .append('\n');
        }
        new RunPage(snapshot, fit).write();
        return text.append("everything is in ").append(folder.path()).append("; to look at: ")
                .append(snapshot.folder().report()).append('\n').toString();
    }

    /** The learning rates that were searched, if any were. */
    private String rates() {
        if (!Files.exists(folder.rates())) {
            return "";
        }
        List<RateTable.Row> rows = RateTable.read(folder.rates());
        StringBuilder text = new StringBuilder();
        int width = rows.stream().mapToInt(row -> row.size().length()).max().orElse(0);
        line(text, width, "size", "N", "rate", "tried", "from", "to", "");
        for (RateTable.Row row : rows) {
            line(text, width, row.size(), Figures.count(row.n()), Figures.of(row.rate()), Long.toString(row.tried()),
                    Figures.of(row.lowest()), Figures.of(row.highest()), row.enclosed() ? "" : "at an end");
        }
        return text.append('\n').toString();
    }

    private String fitted(Study study) {
        FitReport report = new FitReport(study);
        report.write(folder.fit());
        folder.curves().forEach(Figure.of(study)::write);
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
                        Double.isNaN(run.valBitsPerByte()) ? "" : Figures.of(run.valBitsPerByte()),
                        Figures.count(run.tokensPerSecond()));
            } else {
                line(text, width, run.trial(), Figures.count(run.n()), "failed", "", "");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int width, String trial, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", trial));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %10s", cell));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
