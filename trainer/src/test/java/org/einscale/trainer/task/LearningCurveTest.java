package org.einscale.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LearningCurveTest {
    private static final Zipf ZIPF = new Zipf(4096, 2);
    private static final double[] EXAMPLES = {1e4, 2e4, 4e4, 8e4, 3e5};

    @Test
    void findsHowOftenAKeyMustBeSeen() {
        LearningCurve curve = new LearningCurve(ZIPF, EXAMPLES,
                DoubleStream.of(EXAMPLES).map(d -> ZIPF.unseen(d / 37)).toArray());

        assertThat(curve.needed()).isCloseTo(37, within(1e-6));
        assertThat(curve.exponent()).isCloseTo(curve.exactExponent(), within(1e-9));
        assertThat(curve.exactExponent()).isCloseTo(-0.5, within(0.02));
    }

    @Test
    void anotherPowerIsSeenAsAnother() {
        LearningCurve curve = new LearningCurve(ZIPF, EXAMPLES,
                DoubleStream.of(EXAMPLES).map(d -> 30 * Math.pow(d, -0.7)).toArray());

        assertThat(curve.exponent()).isCloseTo(-0.7, within(1e-12));
        assertThat(curve.exactExponent()).isGreaterThan(-0.56);
    }
}
