package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Broken;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Form WITHOUT_FLOOR = Power.N.with(Map.of("E", "0"));

    private static List<Comparison> compare(Law truth) {
        List<Point> points = FamilyTest.points(truth, 0.001, 3);
        List<Point> held = HeldOut.largest(Power.N, points);
        return Comparison.of(List.of(WITHOUT_FLOOR, Power.N, Broken.N), points, held);
    }

    @Test
    void theLawThatMadeThePointsPredictsBest() {
        List<Comparison> broken = compare(Law.of(Broken.N, 0.5, 30, 0.2, 3e7, 0.3, 0.25));
        assertThat(broken.getFirst().form()).isEqualTo(Broken.N);
        assertThat(broken.getFirst().aic()).isLessThan(broken.get(1).aic() - 10);
        List<Comparison> power = compare(Law.of(Power.N, 1.69, 406.4, 0.34));
        assertThat(power.getLast().form()).isEqualTo(WITHOUT_FLOOR);
        assertThat(power.getLast().heldOutError()).isGreaterThan(0.005);
    }

    @Tag("once")
    @Test
    void parametersThatExplainNothingCost() {
        Law truth = Law.of(WITHOUT_FLOOR, 20, 0.1);
        List<Comparison> laws = compare(truth);
        Comparison simple = laws.stream().filter(one -> one.form().equals(WITHOUT_FLOOR)).findFirst().orElseThrow();
        Comparison floor = laws.stream().filter(one -> one.form().equals(Power.N)).findFirst().orElseThrow();
        assertThat(simple.parameters()).isEqualTo(2);
        assertThat(floor.parameters()).isEqualTo(3);
        assertThat(floor.aic()).isGreaterThan(simple.aic() - 2);
        List<Point> points = FamilyTest.points(truth, 0.001, 3);
        double scatter = Profile.of(Fit.of(WITHOUT_FLOOR, points)).scatter();
        double n = points.size();
        assertThat(simple.aic()).isCloseTo(n * Math.log(scatter * scatter * (n - 2) / n) + 6 + 24 / (n - 4),
                within(1e-9));
    }
}
