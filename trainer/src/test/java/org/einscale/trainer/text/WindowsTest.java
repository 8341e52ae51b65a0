package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.einscale.trainer.text.BytePair.Merge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsTest {
    private static TokenStream stream(String text, Tokenizer tokenizer) {
        return TokenStream.of(Corpus.of("test", "", List.of(text)), tokenizer, 1);
    }

    @ParameterizedTest(name = "{0} tokens, length {1}, at most {2} tokens: {3} windows")
    @CsvSource({"11, 5, 100, 2", "10, 5, 100, 1", "100, 5, 20, 4", "100, 5, 24, 4", "100, 5, 3, 1"})
    void asManyWholeWindowsAsFit(int tokens, int length, int maxTokens, int count) {
        Windows windows = Windows.of(stream("x".repeat(tokens), new ByteTokenizer()), length, maxTokens);
        assertThat(windows.count()).isEqualTo(count);
        assertThat(windows.tokens()).isEqualTo(count * length);
    }

    @Test
    void windowsFollowEachOther() {
        Windows windows = Windows.of(stream("abcdefghij", new ByteTokenizer()), 3, 100);
        int[] inputs = new int[6];
        int[] targets = new int[6];
        windows.fill(1, 2, inputs, targets);
        assertThat(new ByteTokenizer().decode(inputs)).isEqualTo("defghi");
        assertThat(new ByteTokenizer().decode(targets)).isEqualTo("efghij");
        assertThatThrownBy(() -> windows.fill(2, 2, inputs, targets)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("windows 2 to 3 asked, there are 3");
    }

    @Test
    void targetBytesAreExact() {
        var tokenizer = new BytePair(List.of(new Merge('a', 'b'), new Merge(256, 'c')));
        TokenStream stream = stream("a abcab!abx\u00e9", tokenizer);
        Windows windows = Windows.of(stream, 4, 100);
        assertThat(windows.count()).isEqualTo(2);
        assertThat(windows.targetBytes()).as("space, abc, ab, !, ab, x, two bytes of e acute")
                .isEqualTo(1 + 3 + 2 + 1 + 2 + 1 + 2);
    }

    @Test
    void bitsPerByteDividesByBytesNotTokens() {
        Windows bytes = Windows.of(stream("a".repeat(9), new ByteTokenizer()), 4, 8);
        assertThat(bytes.bitsPerByte(Math.log(256))).isCloseTo(8, within(1e-12));
        Windows pairs = Windows.of(stream("a".repeat(10), new BytePair(List.of(new Merge('a', 'a')))), 4, 4);
        assertThat(pairs.targetBytes()).isEqualTo(8);
        assertThat(pairs.bitsPerByte(Math.log(256))).isCloseTo(4, within(1e-12));
    }

    @Test
    void wholeBatchesLeaveOutTheRest() {
        Windows windows = Windows.of(stream("x".repeat(50), new ByteTokenizer()), 4, 28);
        assertThat(windows.wholeBatches(3).count()).isEqualTo(6);
        assertThat(windows.wholeBatches(7).count()).isEqualTo(7);
        assertThatThrownBy(() -> windows.wholeBatches(8)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an evaluation batch takes 8 sequences of 4 tokens, but test gives 7;"
                        + " use a smaller batch or evaluate more tokens");
    }
}
