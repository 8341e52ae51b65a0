package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.einscale.trainer.text.ByteTokenizer;
import org.einscale.trainer.text.Corpus;
import org.einscale.trainer.text.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

        assertThat(four.count() % TrainingSpec.divisor(four.count(), 4)).isZero();
        assertThat(four.tokens()).isBetween(64L, 128L);
    }

    @Test
    void aTrainingThatTheTextCannotFeedIsRefused() {
        TextData data = Tiny.text();
        data.check(Tiny.spec(1));

        assertThatThrownBy(() -> data.check(spec(4, data.training().length())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is too long for the text")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> data.check(spec(4, data.validation().length())))
                .hasMessageContaining(
                        String.format(Locale.ROOT, "use at most %,d, or more text", data.validation().length() - 1));
        assertThatThrownBy(() -> data.check(spec(Integer.MAX_VALUE, 16)))
                .hasMessage(
                        "a step of 2,147,483,647 sequences of 16 tokens: expected at most 2,147,483,647 tokens in all");
    }

    @Test
    void theLengthThatIsAdvisedFitsBothParts() {
        for (double fraction : new double[]{0.1, 0.9}) {
            TextData data = TextData.of(Corpus.of("one line", "\n", List.of("a line that has no end".repeat(9))),
                    fraction,
                    part -> new ByteTokenizer(), 1);
            int shorter = Math.min(data.training().length(), data.validation().length());

            assertThatThrownBy(() -> data.check(spec(1, 500))).hasMessageContaining(
                    String.format(Locale.ROOT, "use at most %,d, or more text", shorter - 1));
            data.check(spec(1, shorter - 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"a, 1", "a, 2", "ab, 1", "abc, 1", "abcd, 1", "abcd, 3", "abcdef, 2"})
    void whatIsAdvisedForATinyTextWorks(String line, int documents) {
        for (double fraction : new double[]{0.01, 0.5, 0.99}) {
            TextData data = tiny(line, documents, fraction);
            int shorter = Math.min(data.training().length(), data.validation().length());
            String advice = shorter == 1
                    ? "has 1 token; use more text"
                    : String.format(Locale.ROOT, "has %d tokens; use at most %d, or more text", shorter, shorter - 1);

            assertThatThrownBy(() -> data.check(spec(1, 8))).message().endsWith(advice);
            tiny(line.repeat(1000), documents, fraction).check(spec(1, 8));
            if (shorter > 1) {
                data.check(spec(1, shorter - 1));
            }
        }
    }

    private static TextData tiny(String line, int documents, double fraction) {
        List<String> lines = IntStream.range(0, documents).mapToObj(i -> i + line).toList();
        return TextData.of(Corpus.of("tiny", "\n", lines), fraction, part -> new ByteTokenizer(), 1);
    }

    private static TrainingSpec spec(int batch, int length) {
        TrainingSpec tiny = Tiny.spec(1);
        return new TrainingSpec(batch, length, 1, 0.01, tiny.schedule(), tiny.optimizer(), 1, 1_000_000, 0,
                tiny.precision(), 1);
    }

    @Test
    void theBatchOfAMeasurementDividesTheWindows() {
        assertThat(TrainingSpec.divisor(336, 8)).isEqualTo(8);
        assertThat(TrainingSpec.divisor(12, 5)).isEqualTo(4);
        assertThat(TrainingSpec.divisor(3, 8)).isEqualTo(3);
        assertThat(TrainingSpec.divisor(7, 4)).isEqualTo(1);
    }
}
