package org.einscale.experiments.report;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.plot.CurveFigure;
import org.einscale.scaling.plot.Figure;
import org.einscale.scaling.plot.Format;
import org.einscale.scaling.plot.HistoryFigure;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunColumn;

/**
 * The figures of a run as pictures within a page, for readers without scripts.
 *
 * @param run the run
 * @param fit the law
 */
record StillFigures(RunSnapshot run, SweepFit fit) {

    String html() {
        return Stream.of(picture("Loss against size", this::curve), picture("Loss in the course of training",
                this::history)).flatMap(Optional::stream)
                .collect(Collectors.joining("", "<noscript>", "</noscript>"));
    }

    private Figure curve() {
        List<Point> points = run.runs().stream().filter(one -> one.status() == Run.Status.FINISHED)
                .map(one -> new Point(one.n(), one.valLoss())).toList();
        return fit.study().map(Figure::of)
                .orElseGet(() -> new CurveFigure(points, Optional.empty(), RunColumn.N.label(),
                        RunColumn.VAL_LOSS.label()));
    }

    private Figure history() {
        return new HistoryFigure(run.trials().stream().flatMap(trial -> trial.evaluations().stream()
                .map(one -> new HistoryTable.Row(trial.name(), trial.n(), one))).toList());
    }

    /** Nothing where there is nothing to draw, or this machine cannot. */
    private static Optional<String> picture(String title, Supplier<Figure> figure) {
        try {
            return Optional.of("<figure><img alt=\"" + Html.text(title) + "\" width=\"" + Figure.WIDTH + "\" height=\""
                    + Figure.HEIGHT + "\" src=\"data:image/png;base64,"
                    + Base64.getEncoder().encodeToString(figure.get().bytes(Format.PNG)) + "\"></figure>");
        } catch (ScalingException nothing) {
            return Optional.empty();
        }
    }
}
