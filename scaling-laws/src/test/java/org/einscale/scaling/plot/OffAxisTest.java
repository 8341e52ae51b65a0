package org.einscale.scaling.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.einscale.scaling.Point;
import org.junit.jupiter.api.Test;

class OffAxisTest {

    private static List<Point> points(double... losses) {
        var points = new ArrayList<Point>();
        for (double loss : losses) {
            points.add(new Point(1e3 * Math.pow(2, points.size()), loss));
        }
        return points;
    }

    private static List<Double> off(double law, double... losses) {
        return OffAxis.of(points(losses), point -> law).stream().map(Point::loss).toList();
    }

    @Test
    void onePointFarFromTheOthersGoes() {
        assertThat(off(Double.NaN, 3.76, 3.26, 28.3, 2.54, 2.29, 2.12)).containsExactly(28.3);
        assertThat(off(Double.NaN, 3.76, 3.26, 0.01, 2.54, 2.29, 2.12)).containsExactly(0.01);
        assertThat(off(Double.NaN, 2, 2, 2, 2, 3)).containsExactly(3.0);
    }

    @Test
    void losesNeitherTheStartOfACurveNorWhatALawExpects() {
        assertThat(off(Double.NaN, 3.76, 3.26, 2.83, 2.54, 2.29, 2.12)).isEmpty();
        assertThat(off(Double.NaN, 2, 2, 2, 2, 2)).isEmpty();
        assertThat(off(10, 10, 2.1, 2.05, 2.02, 2)).isEmpty();
        assertThat(off(Double.NaN, 30, 2, 1)).isEmpty();
        assertThat(off(Double.NaN)).isEmpty();
    }
}
