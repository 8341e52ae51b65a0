package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Over repeated experiments a 95% interval holds the truth in about 95 of 100. The numbers are those of fixed seeds, and the bounds three
 * standard errors of so many draws wide.
 */
@Tag("once")
class CoverageTest {

    private static final int DRAWS = 120;
    private static final double SHARE = 0.95;

    /** A sweep whose largest size is held out. */
    private static List<Point> sweep(Law law, double noise, double smallest, double largest, int sizes, int seed) {
        var random = Philox.of(seed, "coverage");
        var points = new ArrayList<Point>();
        for (int i = 0; i < sizes; i++) {
            double n = smallest * Math.pow(largest / smallest, i / (sizes - 1.0));
            points.add(new Point(n, law.loss(n) * Math.exp(noise * random.normal(i))));
        }
        return points;
    }

    @ParameterizedTest
    @CsvSource({"3.2, 30, 0.33, 0.004, 2.5e4, 1e6, 5", "3.2, 30, 0.33, 0.004, 2.5e4, 1e6, 7",
        "3.2, 30, 0.33, 0.004, 2.5e4, 1e6, 12", "1.69, 406.4, 0.34, 0.01, 1e7, 1e10, 5",
        "0.5, 20, 0.1, 0.002, 1e5, 1e8, 7"})
    void intervalsCoverTheTruthAndTheRunHeldOut(double e, double a, double alpha, double noise, double smallest,
            double largest, int sizes) {
        Law law = Law.of(Power.N, e, a, alpha);
        int[] covered = IntStream.range(0, DRAWS).parallel()
                .mapToObj(seed -> covers(law, sweep(law, noise, smallest, largest, sizes, seed)))
                .reduce(new int[3], (left, right) -> IntStream.range(0, 3).map(i -> left[i] + right[i]).toArray());
        double three = 3 * Math.sqrt(SHARE * (1 - SHARE) / DRAWS);
        for (int count : covered) {
            assertThat(count / (double) DRAWS).isBetween(SHARE - three, Math.min(SHARE + three, 0.995));
        }
    }

    private static int[] covers(Law law, List<Point> points) {
        Profile profile = Profile.of(Fit.of(law.form(), points.subList(0, points.size() - 1)));
        Point held = points.getLast();
        return new int[]{profile.parameter("alpha", SHARE).exp().contains(law.value("alpha")) ? 1 : 0,
            profile.parameter("E", SHARE).exp().contains(law.value("E")) ? 1 : 0,
            profile.measurement(held, SHARE).contains(held.loss()) ? 1 : 0};
    }
}
