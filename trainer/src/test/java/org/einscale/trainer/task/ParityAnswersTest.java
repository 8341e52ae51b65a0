package org.einscale.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParityAnswersTest {
    private static final SparseParity TASK = new SparseParity(6, 8, 3, 1.4);

    /** One who knows some subtasks and guesses at the others. */
    private static ParityAnswers knowing(Set<Integer> known) {
        SparseParity.Subtasks subtasks = TASK.examples(1);
        return ParityAnswers.of(TASK, 1, asked -> {
            double[][] found = new double[asked.length][TASK.vocabulary()];
            for (int i = 0; i < asked.length; i++) {
                int parity = 0;
                for (int bit : subtasks.looked(asked[i][0] - 2)) {
                    parity ^= asked[i][1 + bit];
                }
                Arrays.fill(found[i], Math.log(0.5));
                if (known.contains(asked[i][0] - 2)) {
                    found[i][parity] = Math.log(0.999);
                }
            }
            return found;
        });
    }

    @Test
    void theLossIsThatOfTheSubtasksNotKnown() {
        ParityAnswers answers = knowing(Set.of(0, 1, 3));
        assertThat(answers.known()).isEqualTo(3);
        assertThat(answers.mostFrequentKnown()).isEqualTo(2);
        assertThat(answers.lossByLaw()).isCloseTo(
                Math.log(2) * (TASK.frequencies().beyond(2) - TASK.frequencies().share(3)), within(1e-12));
        assertThat(answers.loss()).isCloseTo(answers.lossByLaw(), within(0.001));
    }

    @Test
    void theMostFrequentOnesGiveTheLossOfTheTask() {
        for (int learned = 0; learned <= 6; learned++) {
            int most = learned;
            ParityAnswers answers = knowing(Set.copyOf(IntStream.range(0, most).boxed().toList()));
            assertThat(answers.mostFrequentKnown()).isEqualTo(most);
            assertThat(answers.lossByLaw()).isCloseTo(TASK.loss(most), within(1e-12));
        }
    }
}
