package org.einscale.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
    private static final ZipfLookup TASK = new ZipfLookup(1000, 2, 4, 1, 0);

    /** Of one who knows some of the keys. */
    private static Answers knowing(int known) {
        return new Answers(TASK, TASK.frequencies(),
                IntStream.range(0, 1000).mapToObj(rank -> new Answers.Answer(rank < known ? 0 : Math.log(4),
                        rank < known, rank < known ? 0 : 0.75)).toList());
    }

    /** With p = 0.841, 0.917 and 0.958 half of the examinations of 4, 8 and 16 keys are passed. */
    @ParameterizedTest
    @CsvSource({"1, 500", "4, 841", "8, 917", "16, 958"})
    void halfWayExaminationsOfMoreKeysNeedMoreOfThem(int length, int known) {
        assertThat(knowing(known).exactMatch(length, 40_000, 1)).isCloseTo(0.5, within(0.015));
    }

    @ParameterizedTest
    @CsvSource({"1, 300", "4, 700", "8, 900", "16, 990"})
    void exactMatchIsThePowerOfWhatIsKnown(int length, int known) {
        assertThat(knowing(known).exactMatch(length, 40_000, 1)).isCloseTo(Math.pow(known / 1000.0, length),
                within(0.015));
    }

    @Test
    void anExaminationOfAllKeysIsPassedByNoneWhoLacksOne() {
        assertThat(knowing(999).exactMatch(1000, 3, 1)).isZero();
        assertThat(knowing(1000).exactMatch(1000, 3, 1)).isEqualTo(1);
    }

    @Test
    void lossAndAccuracyWeighKeysByTheirFrequency() {
        Answers answers = knowing(10);
        double known = 1 - TASK.frequencies().beyond(10);
        assertThat(answers.accuracy()).isCloseTo(known, within(1e-12));
        assertThat(answers.loss()).isCloseTo((1 - known) * Math.log(4), within(1e-12));
        assertThat(answers.known()).isEqualTo(0.01);
        assertThat(answers.brier()).isCloseTo(0.99 * 0.75, within(1e-12));
    }

    @Test
    void octavesHoldEveryKeyOnce() {
        Answers answers = knowing(5);
        assertThat(answers.octaves()).hasSize(10);
        assertThat(answers.octaves().get(1)).isEqualTo(new Answers.Octave(2, 1, 0));
        assertThat(answers.octaves().get(2).known()).isEqualTo(0.5);
        assertThat(answers.octaves().getLast().first()).isEqualTo(512);
    }

    @Test
    void aModelIsAskedForEveryKey() {
        ZipfLookup small = new ZipfLookup(6, 2, 4, 1, 0.4);
        ZipfLookup.Table table = small.examples(3);
        Answers answers = Answers.of(small, 3, keys -> {
            double[][] found = new double[6][small.vocabulary()];
            for (double[] row : found) {
                row[0] = Math.log(0.7);
                for (int token = 1; token < row.length; token++) {
                    row[token] = Math.log(0.1);
                }
            }
            return found;
        });
        for (int rank = 0; rank < 6; rank++) {
            boolean right = table.value(rank) == 0;
            double loss = -0.6 * Math.log(right ? 0.7 : 0.1) - 0.1 * (Math.log(0.7) + 3 * Math.log(0.1));
            assertThat(answers.keys().get(rank).right()).isEqualTo(right);
            assertThat(answers.keys().get(rank).loss()).isCloseTo(loss, within(1e-12));
            assertThat(answers.keys().get(rank).brier())
                    .isCloseTo(right ? 0.09 + 3 * 0.01 : 0.49 + 0.81 + 2 * 0.01, within(1e-12));
        }
    }
}
