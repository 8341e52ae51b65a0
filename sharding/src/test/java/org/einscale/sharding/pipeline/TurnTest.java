package org.einscale.sharding.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnTest {
    private static List<Turn> order(int behind, int microBatches) {
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < microBatches; i++) {
            turns.add(new Turn(i, false, 0));
            turns.add(new Turn(i, true, 0));
        }
        turns.sort(Comparator.comparingInt(turn -> turn.slot(behind, microBatches)));
        return turns;
    }

    /** As in the paper's figure: f forward, b backward. */
    @ParameterizedTest
    @CsvSource({"0, 4, f0 b0 f1 b1 f2 b2 f3 b3", "1, 4, f0 f1 b0 f2 b1 f3 b2 b3", "3, 4, f0 f1 f2 f3 b0 b1 b2 b3",
        "3, 8, f0 f1 f2 f3 b0 f4 b1 f5 b2 f6 b3 f7 b4 b5 b6 b7", "3, 2, f0 f1 b0 b1", "2, 1, f0 b0"})
    void oneForwardOneBackward(int behind, int microBatches, String expected) {
        assertThat(order(behind, microBatches).stream()
                .map(turn -> (turn.backward() ? "b" : "f") + turn.microBatch()).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    /** Activations that a stage keeps at a time: of one part for each stage from it to the last. */
    @ParameterizedTest
    @CsvSource({"0, 16, 1", "1, 16, 2", "3, 16, 4", "3, 3, 3"})
    void keepsNoMorePartsThanStagesAhead(int behind, int microBatches, int most) {
        int kept = 0;
        int found = 0;
        for (Turn turn : order(behind, microBatches)) {
            kept += turn.backward() ? -1 : 1;
            found = Math.max(found, kept);
        }
        assertThat(found).isEqualTo(most);
    }
}
