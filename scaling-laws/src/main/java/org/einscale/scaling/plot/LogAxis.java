package org.einscale.scaling.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.einscale.scaling.Figures;

/**
 * A logarithmic axis that labels well over any range: decades over many decades, 1-2-5 over a few, even steps such as 1.6, 1.8, 2.0
 * below one. (XChart's own logarithmic axes label decades only, of which a loss axis often has none.)
 *
 * @param title what is measured, with its unit
 * @param low lower end, positive
 * @param high upper end, above low
 * @param labels how numbers are written
 */
record LogAxis(String title, double low, double high, Labels labels) {

    private static final int STEPS = 6;
    private static final double[] ALL = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    /** How numbers are written on an axis. */
    enum Labels {
        /** Counts with suffixes: 30k, 1M. */
        COUNTS,
        /** With a power of ten: 1e18, 1.5e18. */
        POWERS,
        /** Plain decimals, as many places for all. */
        DECIMALS
    }

    /** An axis that holds all values with a share of the range as margin at both ends. */
    static LogAxis around(String title, DoubleStream values, double margin, Labels labels) {
        var range = values.summaryStatistics();
        double width = Math.log(range.getMax() / range.getMin());
        double least = labels == Labels.DECIMALS ? 0.02 : width > 0 ? width : Math.log(2);
        double pad = Math.exp(margin * width + Math.max(0, least - width) / 2);
        return new LogAxis(title, range.getMin() / pad, range.getMax() * pad, labels);
    }

    private double decades() {
        return Math.log10(high / low);
    }

    /** Values with a label, ascending. */
    List<Double> ticks() {
        double decades = decades();
        if (decades < 0.7) {
            return even();
        }
        return decades < 1.5 ? mantissas(1, 1.5, 2, 3, 5, 7) : decades < 4 ? mantissas(1, 2, 5) : mantissas(1);
    }

    /** Values with a faint line and no label. */
    List<Double> minor() {
        return decades() >= 0.7 && decades() < 8 ? mantissas(ALL) : List.of();
    }

    private List<Double> even() {
        double raw = (high - low) / STEPS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = power
                * DoubleStream.of(1, 2, 2.5, 5, 10).filter(s -> s * power >= raw * 0.999).findFirst().orElse(10);
        var ticks = new ArrayList<Double>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> mantissas(double... mantissas) {
        var ticks = new ArrayList<Double>();
        for (int decade = (int) Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
            for (double mantissa : mantissas) {
                double tick = mantissa * Math.pow(10, decade);
                if (tick >= low && tick <= high) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    /** The label of each tick. */
    List<String> tickLabels() {
        DoubleFunction<String> label = switch (labels) {
            case COUNTS -> {
                int figures = IntStream.rangeClosed(3, 12).filter(this::distinct).findFirst().orElse(12);
                yield value -> Figures.count(value, figures);
            }
            case POWERS -> value -> String.format(Locale.ROOT, "%.1e", value).replace(".0e", "e").replace("e+", "e");
            case DECIMALS -> {
                int places = ticks().stream().mapToInt(LogAxis::places).max().orElse(0);
                yield value -> BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
            }
        };
        return ticks().stream().map(label::apply).toList();
    }

    private boolean distinct(int figures) {
        return ticks().stream().map(value -> Figures.count(value, figures)).distinct().count() == ticks().size();
    }

    private static int places(double value) {
        // Eight places absorb the rounding of i * step.
        return Math.max(BigDecimal.valueOf(value).setScale(8, RoundingMode.HALF_EVEN).stripTrailingZeros().scale(), 0);
    }
}
