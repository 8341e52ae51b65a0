package org.einscale.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final ModelSize SIZE = ModelSize.parse("2,32,2,64,8");

    @Test
    void ratiosAreMediansOfRatiosWithinRounds() {
        List<Round> rounds = List.of(round(2, 10, 100), round(4, 40, 90), round(3, 12, 110));

        List<Result> results = Result.of(SIZE, rounds);

        assertThat(results).map(Result::implementation).containsExactly(Implementation.LIBTORCH,
                Implementation.SAMEDIFF);
        assertThat(results).map(Result::millis).containsExactly(3.0, 12.0);
        assertThat(results).map(r -> r.timesLibtorch().orElseThrow()).containsExactly(1.0, 0.2);
        assertThat(results).map(Result::sgemm).containsExactly(100.0, 100.0);
    }

    @Test
    void withoutLibtorchThereIsNoRatio() {
        List<Result> results = Result.of(SIZE, List.of(new Round(Map.of(Implementation.SAMEDIFF, 16.0), 100)));

        assertThat(ResultTable.csv(results).lines().skip(1))
                .containsExactly("2,32,2,64,8,SAMEDIFF,16.0000,,32000.0,6.29,7.86,100.00,0.0629");
    }

    private static Round round(double libtorch, double sameDiff, double sgemm) {
        return new Round(Map.of(Implementation.LIBTORCH, libtorch, Implementation.SAMEDIFF, sameDiff), sgemm);
    }
}
