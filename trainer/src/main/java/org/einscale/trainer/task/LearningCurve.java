package org.einscale.trainer.task;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * How often keys occur that models do not know after some examples, beside the exact sum of the keys that never came: a model
 * must see a key c times before it knows it, so that D examples are to it what D / c are to one who forgets nothing.
 *
 * @param frequencies of the keys
 * @param examples D, one number a model
 * @param unlearned of each, a share of 1 above 0
 */
public record LearningCurve(Zipf frequencies, double[] examples, double[] unlearned) {
    private static final double MOST = 1e9;

    /** c, at which the exact sum is as high as what was measured, in the mean of the logarithms. */
    public double needed() {
        double measured = DoubleStream.of(unlearned).map(Math::log).sum();
        double low = 1 / MOST;
        double high = MOST;
        while (high / low > 1 + 1e-12) {
            double middle = Math.sqrt(low * high);
            double exact = DoubleStream.of(examples).map(d -> Math.log(frequencies.unseen(d / middle))).sum();
            if (exact < measured) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(low * high);
    }

    /** The exponent of what was measured: the slope of its logarithm over that of D, by least squares. */
    public double exponent() {
        return slope(unlearned);
    }

    /** The same of the exact finite sum, at D / {@link #needed}. */
    public double exactExponent() {
        double needed = needed();
        DoubleUnaryOperator exact = d -> frequencies.unseen(d / needed);
        return slope(DoubleStream.of(examples).map(exact).toArray());
    }

    private double slope(double[] values) {
        double x = DoubleStream.of(examples).map(Math::log).average().orElseThrow();
        double over = 0;
        double under = 0;
        for (int i = 0; i < values.length; i++) {
            double off = Math.log(examples[i]) - x;
            over += off * Math.log(values[i]);
            under += off * off;
        }
        return over / under;
    }
}
