package org.einscale.tensor.memory;

import java.util.Arrays;

/**
 * Whether a sum of multiples comes to a number: f1 x1 + f2 x2 + ... = target for whole xi from 0 to mi. Tries the largest
 * factor first, with only such multiples as the rest can complete, by its greatest sum and its greatest common divisor. For
 * strides of arrays these are one or two. In general the problem is NP-complete, so there is a limit to the tries.
 */
final class BoundedSum {
    private static final int TRIES = 100_000;

    private final long[] factors;
    private final long[] most;
    /** The greatest sum of the terms from each on, and the greatest common divisor of their factors. */
    private final long[] reach;
    private final long[] divisor;
    private int tries;

    private record Multiple(long factor, long most) {}

    /**
     * @param factors
     *            of the terms, 0 or more
     * @param most
     *            the greatest multiple of each, 0 or more
     */
    BoundedSum(long[] factors, long[] most) {
        Multiple[] terms = new Multiple[factors.length];
        Arrays.setAll(terms, i -> new Multiple(factors[i], most[i]));
        Arrays.sort(terms, (a, b) -> Long.compare(b.factor, a.factor));
        int n = terms.length;
        this.factors = new long[n];
        this.most = new long[n];
        this.reach = new long[n + 1];
        this.divisor = new long[n + 1];
        for (int i = n - 1; i >= 0; i--) {
            this.factors[i] = terms[i].factor;
            this.most[i] = terms[i].most;
            reach[i] = reach[i + 1] + terms[i].factor * terms[i].most;
            divisor[i] = terms[i].most == 0 ? divisor[i + 1] : greatestCommonDivisor(divisor[i + 1], terms[i].factor);
        }
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** Whether the sum can be the target; true too if that is not known after so many tries. */
    boolean mayBe(long target) {
        tries = 0;
        return reaches(0, target);
    }

    private boolean reaches(int term, long target) {
        if (target < 0 || target > reach[term]) {
            return false;
        }
        if (divisor[term] == 0) {
            return target == 0;
        }
        if (target % divisor[term] != 0) {
            return false;
        }
        long factor = factors[term];
        if (factor == 0 || most[term] == 0) {
            return reaches(term + 1, target);
        }
        long least = Math.max(0, Math.ceilDiv(target - reach[term + 1], factor));
        for (long x = Math.min(most[term], target / factor); x >= least; x--) {
            if (++tries > TRIES || reaches(term + 1, target - x * factor)) {
                return true;
            }
        }
        return false;
    }
}
