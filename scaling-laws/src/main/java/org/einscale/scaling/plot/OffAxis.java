package org.einscale.scaling.plot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.einscale.scaling.Point;

/**
 * Which points an axis of losses does without. One of them far from all the others would press these flat; it is drawn at the edge
 * instead. A point goes while it lies more than three times the range of the others away from them (in logarithms) and is not where the
 * law has it, up to a quarter of the points.
 */
final class OffAxis {

    private static final double FAR = 3;
    private static final double LEAST_RANGE = 0.01;

    private OffAxis() {
    }

    /**
     * The points to leave out.
     *
     * @param points the points, losses positive
     * @param law the loss that a law has for a point; NaN where there is none
     */
    static Set<Point> of(List<Point> points, ToDoubleFunction<Point> law) {
        var rest = new ArrayList<>(points);
        rest.sort(Comparator.comparingDouble(Point::loss));
        var off = new LinkedHashSet<Point>();
        while (off.size() < points.size() / 4) {
            Point lowest = rest.getFirst();
            Point highest = rest.getLast();
            double below = distance(lowest, rest.get(1)) / range(rest.subList(1, rest.size()));
            double above = distance(rest.get(rest.size() - 2), highest) / range(rest.subList(0, rest.size() - 1));
            Point farthest = above >= below ? highest : lowest;
            boolean expected = Math.abs(Math.log(law.applyAsDouble(farthest) / farthest.loss())) < LEAST_RANGE;
            if (Math.max(above, below) <= FAR || expected) {
                break;
            }
            off.add(farthest);
            rest.remove(farthest);
        }
        return off;
    }

    private static double range(List<Point> ascending) {
        return Math.max(distance(ascending.getFirst(), ascending.getLast()), LEAST_RANGE);
    }

    private static double distance(Point lower, Point higher) {
        return Math.log(higher.loss() / lower.loss());
    }
}
