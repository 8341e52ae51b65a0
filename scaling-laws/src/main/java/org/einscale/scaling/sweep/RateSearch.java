package org.einscale.scaling.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.einscale.scaling.ScalingException;

/**
 * The search for the learning rate of one size: losses of short trainings over a geometric range, which is continued where the
 * best lies at an end, and then the lowest point of the parabola, in the logarithm of the rate, through the best and its two
 * neighbours.
 *
 * @param size what is searched for, such as the name of a trial
 * @param n its parameters without embeddings
 * @param losses of the rates tried so far, infinite where a training diverged
 */
public record RateSearch(String size, long n, SortedMap<Double, Double> losses) {

    /** Rates tried beyond the range. */
    private static final int EXTENSIONS = 4;
    private static final MathContext DIGITS = new MathContext(4);

    public RateSearch {
        losses = Collections.unmodifiableSortedMap(new TreeMap<>(losses));
    }

    /** Rates spread evenly in their logarithm, both ends included, rounded to four digits. */
    public static List<Double> range(double low, double high, int count) {
        return IntStream.range(0, count).mapToObj(i -> rounded(low * Math.pow(high / low, i / (count - 1.0)))).toList();
    }

    private static double rounded(double rate) {
        return new BigDecimal(rate, DIGITS).doubleValue();
    }

    /**
     * The rate to try next: beyond the end at which the best lies, so long as the range has not grown by more than
     * {@value #EXTENSIONS}.
     *
     * @param count rates of the range that was begun with
     */
    public List<Double> next(int count) {
        List<Double> rates = List.copyOf(losses.keySet());
        int best = best(rates);
        if (rates.size() >= count + EXTENSIONS || !Double.isFinite(loss(rates.get(best)))) {
            return List.of();
        }
        double ratio = rates.get(1) / rates.getFirst();
        return best == 0
                ? List.of(rounded(rates.getFirst() / ratio))
                : best == rates.size() - 1 ? List.of(rounded(rates.getLast() * ratio)) : List.of();
    }

    /** Whether rates on both sides were worse than the best. */
    public boolean isEnclosed() {
        int best = best(List.copyOf(losses.keySet()));
        return best > 0 && best < losses.size() - 1;
    }

    /** The lowest loss of a rate that was tried. */
    public double lowest() {
        return losses.values().stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    /**
     * The rate to train with.
     *
     * @throws ScalingException where all trainings diverged
     */
    public double rate() {
        List<Double> rates = List.copyOf(losses.keySet());
        int best = best(rates);
        double rate = rates.get(best);
        if (!Double.isFinite(loss(rate))) {
            throw new ScalingException(size + ": none of the learning rates " + rates.getFirst() + " to "
                    + rates.getLast() + " gave a finite loss; lower the range");
        }
        if (!isEnclosed() || !Double.isFinite(loss(rates.get(best - 1)) + loss(rates.get(best + 1)))) {
            return rate;
        }
        return rounded(Math.exp(vertex(rates.get(best - 1), rate, rates.get(best + 1))));
    }

    /** Where the parabola through three points, the middle one lowest, is lowest: between the outer ones. */
    private double vertex(double left, double middle, double right) {
        double before = Math.log(middle / left);
        double after = Math.log(right / middle);
        double fall = (loss(left) - loss(middle)) / before;
        double rise = (loss(right) - loss(middle)) / after;
        return fall + rise == 0
                ? Math.log(middle)
                : Math.log(middle) + (fall * after - rise * before) / (2 * (fall + rise));
    }

    private double loss(double rate) {
        return losses.getOrDefault(rate, Double.POSITIVE_INFINITY);
    }

    private int best(List<Double> rates) {
        return IntStream.range(0, rates.size()).boxed().min(Comparator.comparingDouble(i -> loss(rates.get(i))))
                .orElseThrow();
    }
}
