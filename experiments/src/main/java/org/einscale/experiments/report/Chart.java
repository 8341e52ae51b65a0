package org.einscale.experiments.report;

import java.util.List;

/**
 * A chart as the page draws it, both axes logarithmic. Its components are what {@code page.html} reads.
 *
 * @param id names it in the page
 * @param title what is shown
 * @param description the same for those who do not see it
 * @param views the same things against one another, of which one is shown at a time
 */
record Chart(String id, String title, String description, List<View> views) {

    /**
     * One pair of axes.
     *
     * @param name what the reader chooses
     * @param x label of the horizontal axis, with its unit
     * @param y label of the vertical one
     * @param series what is drawn, the last on top
     */
    record View(String name, String x, String y, List<Series> series) {
        /** Whether there is anything to draw. */
        boolean isEmpty() {
            return series.stream().allMatch(one -> one.points().isEmpty());
        }
    }

    /** How a series is drawn. */
    enum Look {
        /** A line, with a band where points have ends. */
        LINE,
        /** The same, dashed. */
        DASHED,
        /** Filled circles. */
        POINTS,
        /** Open diamonds, with bars where points have ends. */
        OPEN
    }

    /**
     * Points that belong together.
     *
     * @param name what the legend says
     * @param look how they are drawn
     * @param place their colour: a place between 0 and 1 in the order of sizes, or one of the others
     * @param spans whether the axes must hold them
     * @param points what is drawn, in this order
     */
    record Series(String name, Look look, double place, boolean spans, List<Mark> points) {
        /** The colour of what is measured. */
        static final double MEASURED = -1;
        /** That of the law. */
        static final double LAW = 2;
        /** That of what is held out. */
        static final double HELD_OUT = 3;
    }

    /**
     * A point.
     *
     * @param x value on the horizontal axis
     * @param y value on the vertical one
     * @param low lower end of its interval, NaN where it has none
     * @param high upper end
     * @param place its own colour, as that of a series; NaN for that of its series
     * @param note what else is told of it
     */
    record Mark(double x, double y, double low, double high, double place, String note) {
        /** A point that is known exactly. */
        static Mark of(double x, double y, String note) {
            return new Mark(x, y, Double.NaN, Double.NaN, Double.NaN, note);
        }

        boolean isDrawn() {
            return x > 0 && y > 0 && Double.isFinite(x) && Double.isFinite(y);
        }
    }

    /** Places of so many colours in order, the last the deepest. */
    static double place(int index, int count) {
        return count < 2 ? 1 : index / (count - 1.0);
    }
}
