package org.einscale.einsum.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays that are the same but for rounding. */
public final class Closeness {
    /** Where less is expected, as in sums that cancel, rounding is that of the terms. */
    private static final double LEAST_SCALE = 0.1;

    private Closeness() {
    }

    /** Fails unless shapes are equal and every element differs by at most the tolerance times the largest finite element expected. */
    public static void check(String what, INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).as("shape of " + what).isEqualTo(expected.shape());
        double[] found = Layout.elements(actual);
        double[] wanted = Layout.elements(expected);
        double largest = LEAST_SCALE;
        for (double x : wanted) {
            largest = Double.isFinite(x) ? Math.max(largest, Math.abs(x)) : largest;
        }
        double allowed = tolerance * largest;
        for (int i = 0; i < wanted.length; i++) {
            boolean same = Double.compare(found[i], wanted[i]) == 0 || Math.abs(found[i] - wanted[i]) <= allowed;
            if (!same) {
                fail("%s: element %d of shape %s is %s; expected %s within %s", what, i,
                        java.util.Arrays.toString(expected.shape()),
                        found[i], wanted[i], allowed);
            }
        }
    }
}
