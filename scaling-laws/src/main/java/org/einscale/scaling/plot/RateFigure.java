package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.sweep.RateSearch;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Validation loss of short trainings against their learning rate, log-log, a line a size, with the rate that each size is trained
 * with. Trainings that diverged are not drawn.
 *
 * @param searches the search of each size
 */
public record RateFigure(List<RateSearch> searches) implements Figure {

    /** @throws ScalingException where no training has a loss */
    public RateFigure {
        searches = List.copyOf(searches);
        if (searches.stream().noneMatch(search -> Double.isFinite(search.lowest()))) {
            throw new ScalingException("no learning rate to draw: no short training has a finite loss");
        }
    }

    @Override
    public void paint(Graphics2D graphics) {
        LogAxis x = LogAxis.around("peak learning rate",
                searches.stream().flatMap(search -> search.losses().keySet().stream()).mapToDouble(rate -> rate), 0.05,
                LogAxis.Labels.DECIMALS);
        LogAxis y = LogAxis.around("validation loss (nats per token)",
                searches.stream().flatMapToDouble(search -> losses(search)), 0.05, LogAxis.Labels.DECIMALS);
        var chart = new LogLogChart("Short trainings that search a learning rate", x, y,
                Styler.LegendPosition.OutsideE);
        for (int i = 0; i < searches.size(); i++) {
            draw(chart, searches.get(i), HistoryFigure.color(i, searches.size()));
        }
        chart.paint(graphics);
    }

    private static DoubleStream losses(RateSearch search) {
        return search.losses().values().stream().mapToDouble(loss -> loss).filter(Double::isFinite);
    }

    private static void draw(LogLogChart chart, RateSearch search, Color color) {
        List<Map.Entry<Double, Double>> drawn = search.losses().entrySet().stream()
                .filter(entry -> Double.isFinite(entry.getValue())).toList();
        if (!drawn.isEmpty()) {
            chart.line(search.size() + ": " + Figures.of(search.rate()),
                    drawn.stream().mapToDouble(Map.Entry::getKey).toArray(),
                    drawn.stream().mapToDouble(Map.Entry::getValue).toArray(),
                    new LogLogChart.LineLook(color, 2.5f, false));
            chart.points("", List.of(new Point(search.rate(), search.lowest())), SeriesMarkers.DIAMOND, color);
        }
    }
}
