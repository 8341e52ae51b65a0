package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {

    private static final Lbfgs SEARCH = new Lbfgs(12, 1000, 1e-9);

    /** Rosenbrock's valley in two variables, minimum 0 at (1, 1). */
    private static final class Rosenbrock implements Objective {
        @Override
        public int size() {
            return 2;
        }

        @Override
        public double evaluate(double[] x, double[] gradient) {
            double rise = x[1] - x[0] * x[0];
            gradient[0] = -400 * x[0] * rise - 2 * (1 - x[0]);
            gradient[1] = 200 * rise;
            return 100 * rise * rise + (1 - x[0]) * (1 - x[0]);
        }
    }

    /** Sum of i (x_i - i)^2: a bowl with axes of very different steepness. */
    private static final class Bowl implements Objective {
        @Override
        public int size() {
            return 12;
        }

        @Override
        public double evaluate(double[] x, double[] gradient) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                double weight = Math.pow(3, i);
                gradient[i] = 2 * weight * (x[i] - i);
                sum += weight * (x[i] - i) * (x[i] - i);
            }
            return sum;
        }
    }

    @Test
    void followsACurvedValley() {
        Lbfgs.Minimum minimum = SEARCH.minimise(new Rosenbrock(), new double[]{-1.2, 1});
        assertThat(minimum.x()).containsExactly(new double[]{1, 1}, within(1e-7));
        assertThat(minimum.gradient()).isLessThanOrEqualTo(1e-9);
    }

    @Test
    void mindsNeitherManyVariablesNorUnevenSteepness() {
        Lbfgs.Minimum minimum = SEARCH.minimise(new Bowl(), new double[12]);
        assertThat(minimum.x()).containsExactly(new double[]{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, within(1e-8));
    }

    @Test
    void leavesTheStartUntouchedAndStaysAtAMinimum() {
        double[] start = {1, 1};
        assertThat(SEARCH.minimise(new Rosenbrock(), start).x()).containsExactly(1, 1);
        SEARCH.minimise(new Bowl(), new double[12]);
        assertThat(start).containsExactly(1, 1);
    }
}
