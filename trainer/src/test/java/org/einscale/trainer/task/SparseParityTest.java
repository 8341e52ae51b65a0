package org.einscale.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.config.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparseParityTest {
    private static final SparseParity TASK = new SparseParity(5, 6, 3, 1.4);

    @Test
    void theAnswerIsTheParityOfTheBitsLookedAt() {
        SparseParity.Subtasks subtasks = TASK.examples(2);
        int[] counts = new int[5];
        int[] tokens = new int[TASK.length()];
        for (int i = 0; i < 20_000; i++) {
            int answer = subtasks.draw(Philox.of(3, "test"), i, tokens, 0);
            int subtask = tokens[0] - 2;
            counts[subtask]++;
            int ones = 0;
            for (int bit : subtasks.looked(subtask)) {
                ones += tokens[1 + bit];
            }
            assertThat(answer).isEqualTo(ones % 2);
        }
        for (int subtask = 0; subtask < 5; subtask++) {
            double share = TASK.frequencies().share(subtask);
            assertThat(counts[subtask] / 20_000.0).isCloseTo(share, within(5 * Math.sqrt(share / 20_000)));
        }
    }

    /** Over all settings of the bits, the answer is as often 0 as 1 for each setting of any but all bits that count. */
    @Test
    void fewerBitsSayNothing() {
        int[] looked = TASK.examples(2).looked(0);
        assertThat(looked).hasSize(3).isSorted().doesNotHaveDuplicates();
        for (int hidden : looked) {
            int[] ones = new int[1 << 6];
            for (int bits = 0; bits < 1 << 6; bits++) {
                int parity = 0;
                for (int bit : looked) {
                    parity ^= bits >> bit & 1;
                }
                ones[bits & ~(1 << hidden)] += parity;
            }
            for (int bits = 0; bits < 1 << 6; bits++) {
                assertThat(ones[bits]).isEqualTo((bits >> hidden & 1) == 1 ? 0 : 1);
            }
        }
    }

    /** One who knows some subtasks and guesses at the others, asked every question as often as it comes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 5})
    void lossIsThatOfGuessingAtTheOthers(int learned) {
        double loss = 0;
        for (int subtask = 0; subtask < 5; subtask++) {
            for (int bits = 0; bits < 1 << 6; bits++) {
                double right = subtask < learned ? 1 : 0.5;
                loss -= TASK.frequencies().share(subtask) / (1 << 6) * Math.log(right);
            }
        }
        assertThat(TASK.loss(learned)).isCloseTo(loss, within(1e-12));
    }

    @Test
    void fallsAsAPowerOfTheSubtasksLearned() {
        SparseParity many = new SparseParity(1_000_000, 4, 2, 1.5);
        double slope = Math.log(many.loss(2000) / many.loss(1000)) / Math.log(2);
        assertThat(slope).isCloseTo(-0.5, within(0.03));
    }

    @Test
    void examplesArePureFunctionsOfTheirNumber() {
        int[] one = new int[7];
        int[] other = new int[7];
        int answer = TASK.examples(2).even(17, 100, one, 0);
        assertThat(TASK.examples(2).even(17, 100, other, 0)).isEqualTo(answer);
        assertThat(other).isEqualTo(one);
        TASK.examples(2).even(18, 100, other, 0);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void itsTextIsReadBack() {
        assertThat(TaskKind.read(Section.at("task", ConfigFactory.parseString(TASK.text())))).contains(TASK);
    }

    @Test
    void looksAtNoMoreBitsThanThereAre() {
        assertThatThrownBy(() -> new SparseParity(2, 4, 5, 1))
                .hasMessage("subset is 5; expected at least 1 and at most bits = 4");
    }
}
