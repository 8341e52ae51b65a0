package org.einscale.bench.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedTest {
    private static final List<Long> SQUARE = List.of(100L, 100L);

    @Test
    void ratiosAreMediansOfRatiosWithinRounds() {
        Speed speed = Speed.of(product(Group.USER, "a"), List.of(round(1, 2), round(4, 4), round(2, 6)));

        assertThat(speed.seconds()).isEqualTo(round(2, 4));
        assertThat(speed.timesLibtorch().orElseThrow()).isEqualTo(2);
        assertThat(speed.timesNumpy()).isEmpty();
        assertThat(speed.gigaflops().orElseThrow()).isCloseTo(2e6 / 2 / 1e9, within(1e-12));
    }

    @Test
    void geometricMeans() {
        assertThat(Speed.geometricMean(List.of(2.0, 8.0)).orElseThrow()).isCloseTo(4, within(1e-12));
        assertThat(Speed.geometricMean(List.of(0.5, 2.0)).orElseThrow()).isCloseTo(1, within(1e-12));
        assertThat(Speed.geometricMean(List.of())).isEmpty();
    }

    @Test
    void tablesNameTheSlowestAndLeaveBlankWhatWasNotMeasured() {
        List<Speed> speeds = List.of(
                Speed.of(product(Group.USER, "a"), List.of(round(1e-6, 2e-6))),
                Speed.of(product(Group.USER, "b, small"), List.of(round(2e-3, 1e-3))),
                Speed.of(product(Group.GPT_GRADIENTS, "c"), List.of(Map.of(Participant.LIBTORCH, 12.3e-6))));

        assertThat(SpeedTable.markdown(speeds).lines()).contains(
                "| user a | `ij,jk->ik` | 100x100, 100x100 | 1.00 us | 2.00 us |  |  | 2.00 |  | 2000.0 |",
                "| user b, small | `ij,jk->ik` | 100x100, 100x100 | 2.00 ms | 1.00 ms |  |  | 0.50 |  | 1.0 |",
                "| gpt-gradients c | `ij,jk->ik` | 100x100, 100x100 |  | 12.3 us |  |  |  |  |  |",
                "| user | 2 | 1.00 | 1.25 | 1 |  | 0.50 b, small `ij,jk->ik` |", "| gpt-gradients | 1 |  |  |  |  |  |",
                "| all but calls | 3 | 1.00 | 1.25 | 1 |  | 0.50 b, small `ij,jk->ik` |");
        assertThat(SpeedTable.csv(speeds).lines()).contains(
                "user,\"b, small\",\"ij,jk->ik\",\"100x100, 100x100\",2000.0000,1000.0000,,,0.5000,,1.000");
    }

    private static EinsumCase product(Group group, String name) {
        return new EinsumCase(group, name, CallKind.EINSUM, "ij,jk->ik", List.of(SQUARE, SQUARE), List.of());
    }

    private static Map<Participant, Double> round(double einscale, double libtorch) {
        return Map.of(Participant.EINSCALE, einscale, Participant.LIBTORCH, libtorch);
    }
}
