package org.einscale.scaling.frontier;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.einscale.scaling.Interval;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Law;

/**
 * The size and the tokens with which a budget of {@code C = 6 N D} FLOPs reaches the lowest loss by a law of both (Hoffmann et al. 2022,
 * section 3.3).
 *
 * @param n parameters
 * @param d tokens
 * @param loss loss there, nats per token
 */
public record Optimum(double n, double d, double loss) {

    private static final double FLOPS_A_PARAMETER_AND_TOKEN = 6;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double ACCURATE = 1e-7;
    private static final int COARSE = 200;

    /**
     * An optimum and how sure it is.
     *
     * @param best by the fitted law
     * @param n interval of the size
     * @param d interval of the tokens
     * @param loss interval of the loss there
     */
    public record Range(Optimum best, Interval n, Interval d, Interval loss) {}

    /**
     * Searches sizes from 1 to C / 6.
     *
     * @throws ScalingException for a law of other inputs than n and d
     */
    public static Optimum of(Law law, double flops) {
        require(law.form());
        double all = Math.log(flops / FLOPS_A_PARAMETER_AND_TOKEN);
        DoubleUnaryOperator loss = logN -> law.loss(Math.exp(logN), Math.exp(all - logN));
        int best = 1;
        for (int i = 1; i < COARSE; i++) {
            best = loss.applyAsDouble(all * i / COARSE) < loss.applyAsDouble(all * best / COARSE) ? i : best;
        }
        double low = all * (best - 1) / COARSE;
        double high = all * (best + 1) / COARSE;
        while (high - low > ACCURATE) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (loss.applyAsDouble(left) < loss.applyAsDouble(right)) {
                high = right;
            } else {
                low = left;
            }
        }
        double logN = (low + high) / 2;
        return new Optimum(Math.exp(logN), Math.exp(all - logN), loss.applyAsDouble(logN));
    }

    /** The same with percentile intervals over the laws of a bootstrap. */
    public static Range of(Bootstrap bootstrap, double flops, double level) {
        List<Optimum> all = bootstrap.laws().parallelStream().map(law -> of(law, flops)).toList();
        return new Range(of(bootstrap.fit().law(), flops), interval(all, Optimum::n, level),
                interval(all, Optimum::d, level), interval(all, Optimum::loss, level));
    }

    private static Interval interval(List<Optimum> all, ToDoubleFunction<Optimum> of, double level) {
        return Interval.percentile(all.stream().mapToDouble(of).toArray(), level);
    }

    /** Tokens a parameter. */
    public double tokensPerParameter() {
        return d / n;
    }

    private static void require(Form form) {
        if (!Set.copyOf(form.formula().inputs()).equals(Set.of("n", "d"))) {
            throw new ScalingException(
                    "the best size for a budget asks for a law of n and d, such as chinchilla; found "
                            + form.text());
        }
    }

    /** The scale as inputs of a law. */
    public Map<String, Double> at() {
        return Map.of("n", n, "d", d);
    }
}
