package org.einscale.experiments.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Charts as JSON: a point is an array of x, y, low, high, place and note, with null for what it does not have. */
final class ChartJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MathContext DIGITS = new MathContext(7);

    private ChartJson() {
    }

    static ArrayNode of(List<Chart> charts) {
        ArrayNode all = JSON.createArrayNode();
        for (Chart chart : charts) {
            ObjectNode node = all.addObject().put("id", chart.id()).put("title", chart.title())
                    .put("description", chart.description());
            ArrayNode views = node.putArray("views");
            chart.views().forEach(view -> view(views.addObject(), view));
        }
        return all;
    }

    private static void view(ObjectNode node, Chart.View view) {
        node.put("name", view.name()).put("x", view.x()).put("y", view.y());
        ArrayNode all = node.putArray("series");
        for (Chart.Series series : view.series()) {
            ObjectNode one = all.addObject().put("name", series.name())
                    .put("look", series.look().name().toLowerCase(Locale.ROOT)).put("place", series.place())
                    .put("spans", series.spans());
            ArrayNode points = one.putArray("points");
            series.points().forEach(mark -> mark(points.addArray(), mark));
        }
    }

    private static void mark(ArrayNode node, Chart.Mark mark) {
        number(node, mark.x());
        number(node, mark.y());
        number(node, mark.low());
        number(node, mark.high());
        number(node, mark.place());
        node.add(mark.note());
    }

    /** Rounded, as no one sees more; null where there is none. */
    private static void number(ArrayNode node, double value) {
        if (Double.isFinite(value)) {
            node.add(new BigDecimal(value).round(DIGITS).doubleValue());
        } else {
            node.addNull();
        }
    }
}
