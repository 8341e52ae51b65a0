package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.einscale.trainer.text.ByteTokenizer;
import org.einscale.trainer.text.Corpus;
import org.einscale.trainer.text.Windows;
import org.junit.jupiter.api.Test;

class TextDataTest {
    private static final Corpus CORPUS = Corpus.of("letters", "\n",
            List.of("aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg", "hhhh", "iiii", "jjjj"));

    @Test
    void theTokenizerSeesOnlyTheTrainingPart() {
        List<Corpus> seen = new ArrayList<>();
        TextData data = TextData.of(CORPUS, 0.4, part -> {
            seen.add(part);
            return new ByteTokenizer();
        }, 3);

        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst().documents()).isEqualTo(CORPUS.split(0.4, 3).training().documents());
        assertThat((long) data.training().length()).isEqualTo(seen.getFirst().bytes());
        assertThat(data.training().length() + data.validation().length()).isEqualTo((int) CORPUS.bytes());
    }

    @Test
    void theChecksumIsOfTheWholeText() {
        assertThat(TextData.of(CORPUS, 0.4, part -> new ByteTokenizer(), 3).checksum()).isEqualTo(CORPUS.checksum());
    }

    @Test
    void everyBatchSizeIsMeasuredOnTheSameWindows() {
        TextData data = Tiny.text();
        Windows four = data.validationWindows(Tiny.spec(1));

        assertThat(four.count() % Evaluation.largestDivisor(four.count(), 4)).isZero();
        assertThat(four.tokens()).isBetween(64L, 128L);
    }

    @Test
    void theBatchOfAMeasurementDividesTheWindows() {
        assertThat(Evaluation.largestDivisor(336, 8)).isEqualTo(8);
        assertThat(Evaluation.largestDivisor(12, 5)).isEqualTo(4);
        assertThat(Evaluation.largestDivisor(3, 8)).isEqualTo(3);
        assertThat(Evaluation.largestDivisor(7, 4)).isEqualTo(1);
    }
}
