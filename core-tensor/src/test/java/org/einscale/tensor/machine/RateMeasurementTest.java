package org.einscale.tensor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.einscale.tensor.blas.GemmRates;
import org.einscale.tensor.profile.Rates;
import org.junit.jupiter.api.Test;

class RateMeasurementTest {
    private static final Rates SLOW = new Rates(1e-9, 0, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1);

    /** A clock that a third of a share passes on at every look: each kind of work is done a few times. */
    @Test
    void dividesWorkByTheTimeThatItTook() {
        AtomicLong now = new AtomicLong();
        Rates rates = new RateMeasurement(() -> now.addAndGet(100_000_000), SLOW).rates().orElseThrow();
        double nanoseconds = 1e8;
        assertThat(rates.sgemm()).isEqualTo(new Rates(2.0 * 384 * 384 * 384 / nanoseconds, 0, 1, 1, 1, 1, 1, 1, 1)
                .rounded().sgemm());
        assertThat(rates.memory()).isEqualTo(new Rates((32 << 20) * 4.0 / nanoseconds, 0, 1, 1, 1, 1, 1, 1, 1)
                .rounded().sgemm());
        assertThat(rates.unpackedSgemm() > 0).isEqualTo(GemmRates.unpacks());
    }

    /** A machine on which the code that is measured is never compiled: everything seems far slower than it can be. */
    @Test
    void doesNotTrustCodeThatIsNotCompiled() {
        AtomicLong now = new AtomicLong();
        Rates usual = new Rates(100, 0, 1e9, 100, 20, 50, 2, 30, 50);
        assertThat(new RateMeasurement(() -> now.addAndGet(100_000_000), usual).rates()).isEmpty();
    }
}
