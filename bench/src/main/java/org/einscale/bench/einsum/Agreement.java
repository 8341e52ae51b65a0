package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether all participants computed the same. Each result is compared with the first one's: the largest difference may be 8
 * roundings for every root of the number of terms that an element sums, relative to the largest element or, if that is larger
 * (a single sum may cancel), to what such sums of random terms are like.
 */
final class Agreement {
    private static final double ROUNDINGS = 8;
    private static final double EPSILON = Math.ulp(1f);
    /** Mean square of data uniform in [-1, 1). */
    private static final double MEAN_SQUARE = 1 / 3.0;

    private Agreement() {
    }

    /**
     * Compares.
     *
     * @param results of each participant, in an order that does not matter
     * @throws IllegalStateException if two differ; the message names the case and both
     */
    static void check(EinsumCase what, Map<Participant, List<float[]>> results) {
        List<Participant> everyone = new ArrayList<>(results.keySet());
        List<Double> terms = terms(what);
        for (Participant other : everyone) {
            List<float[]> expected = results.getOrDefault(everyone.getFirst(), List.of());
            List<float[]> found = results.getOrDefault(other, List.of());
            for (int i = 0; i < terms.size(); i++) {
                double allowed = allowed(expected.get(i), terms.get(i), what.shapes().size());
                double difference = difference(expected.get(i), found.get(i));
                if (!(difference <= allowed)) {
                    throw new IllegalStateException(
                            String.format(Locale.ROOT, "%s (%s): %s and %s differ by %.3g in %s, allowed %.3g", what,
                                    what.sizes(), everyone.getFirst().title(), other.title(), difference,
                                    i == 0 ? "the result" : "the gradient of operand " + (i - 1), allowed));
                }
            }
        }
    }

    /** How many terms an element of the result, and of each gradient if there are any, sums. */
    private static List<Double> terms(EinsumCase what) {
        Labels labels = what.labels();
        List<Double> terms = new ArrayList<>(List.of(labels.terms(labels.output())));
        if (what.kind() == CallKind.GRADIENTS) {
            labels.inputs().forEach(input -> terms.add(labels.terms(input)));
        }
        return terms;
    }

    private static double allowed(float[] expected, double terms, int factors) {
        double largest = Math.sqrt(terms * Math.pow(MEAN_SQUARE, factors));
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        return ROUNDINGS * EPSILON * Math.sqrt(Math.max(1, terms)) * largest;
    }

    /** The largest, infinite if lengths differ or an element is not a number. */
    private static double difference(float[] expected, float[] found) {
        if (expected.length != found.length) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - found[i]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }
}
