package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
    /** One document of the bytes 0, 1, 2 ..., so that a token tells its position. */
    private static TokenStream counting(int tokens) {
        String text = IntStream.range(0, tokens).collect(StringBuilder::new, StringBuilder::appendCodePoint,
                StringBuilder::append).toString();
        return TokenStream.of(Corpus.of("test", "", List.of(text)), new ByteTokenizer(), 1);
    }

    @ParameterizedTest
    @CsvSource({"100, 7, 4", "100, 10, 3", "64, 63, 1", "5, 1, 2", "2, 1, 1"})
    void anEpochTakesEachTokenAtMostOnce(int tokens, int length, int batch) {
        var batches = new Batches(counting(tokens), batch, length, 3);
        long windows = tokens / length;
        assertThat(batches.windows()).isEqualTo(windows);
        List<Integer> inputs = inputs(batches, (int) (6 * windows / batch) + 1);
        for (int epoch = 0; epoch < 6; epoch++) {
            int size = (int) windows * length;
            assertThat(inputs.subList(epoch * size, (epoch + 1) * size)).doesNotHaveDuplicates();
        }
    }

    private static List<Integer> inputs(Batches batches, int steps) {
        List<Integer> all = new ArrayList<>();
        int[] inputs = new int[batches.batch() * batches.length()];
        for (int step = 0; step < steps; step++) {
            batches.fill(step, inputs, new int[inputs.length]);
            IntStream.of(inputs).forEach(all::add);
        }
        return all;
    }

    @Test
    void sequencesAreConsecutiveAndTargetsComeNext() {
        int[] inputs = new int[30];
        int[] targets = new int[30];
        for (long step : new long[]{0, 1, 17, 1L << 40}) {
            new Batches(counting(100), 5, 6, 2).fill(step, inputs, targets);
            for (int i = 0; i < 30; i++) {
                assertThat(targets[i]).isEqualTo((inputs[i] + 1) % 100);
                assertThat(i % 6 == 5 || inputs[i + 1] == targets[i]).isTrue();
            }
        }
    }

    @Test
    void aBatchDependsOnSeedAndStepOnly() {
        int[][] first = new int[2][40];
        int[][] second = new int[2][40];
        var batches = new Batches(counting(120), 4, 10, 5);
        batches.fill(9, first[0], first[1]);
        batches.fill(2, second[0], second[1]);
        assertThat(second[0]).isNotEqualTo(first[0]);
        new Batches(counting(120), 4, 10, 5).fill(9, second[0], second[1]);
        assertThat(second).isDeepEqualTo(first);
        new Batches(counting(120), 4, 10, 6).fill(9, second[0], second[1]);
        assertThat(second[0]).isNotEqualTo(first[0]);
    }

    @Test
    void epochsDifferInOrderAndStart() {
        List<Integer> inputs = inputs(new Batches(counting(100), 10, 10, 1), 50);
        Set<Integer> starts = new HashSet<>();
        Set<List<Integer>> orders = new HashSet<>();
        for (int epoch = 0; epoch < 50; epoch++) {
            starts.add(inputs.get(epoch * 100) % 10);
            orders.add(inputs.subList(epoch * 100, (epoch + 1) * 100));
        }
        assertThat(starts).hasSize(10);
        assertThat(orders).hasSize(50);
    }

    @Test
    void fillingAllocatesNothing() {
        var batches = new Batches(counting(120), 4, 10, 5);
        int[][] arrays = new int[2][40];
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        batches.fill(0, arrays[0], arrays[1]);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int step = 1; step <= 1000; step++) {
            batches.fill(step, arrays[0], arrays[1]);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
    }

    @Test
    void sequencesLongerThanTheTextAreRefused() {
        assertThatThrownBy(() -> new Batches(counting(64), 1, 64, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "sequence length 64 is too long for the text: test has 64 tokens; use at most 63, or more text");
        assertThatThrownBy(() -> Windows.of(counting(64), 64, 64))
                .hasMessageStartingWith("sequence length 64 is too long");
        assertThatThrownBy(() -> new Batches(counting(64), 1, 0, 1))
                .hasMessage("sequence length 0: expected 1 or more");
        assertThatThrownBy(() -> new Batches(counting(64), 0, 8, 1))
                .hasMessage("batch of 0 sequences: expected 1 or more");
    }

    @Test
    void arraysOfAnotherSizeAreRefused() {
        var batches = new Batches(counting(64), 2, 3, 1);
        assertThatThrownBy(() -> batches.fill(0, new int[6], new int[5])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("arrays of 6 inputs and 5 targets for batches of 2 x 3 tokens");
    }

    @Test
    void documentsAreShuffledBySeedAndStayWhole() {
        Corpus corpus = Corpus.of("test", "\n", IntStream.range(0, 50).mapToObj(i -> "document " + i).toList());
        String first = text(TokenStream.of(corpus, new ByteTokenizer(), 1));
        assertThat(first.split("(?<=\n)")).containsExactlyInAnyOrderElementsOf(corpus.documents());
        assertThat(first).isNotEqualTo(String.join("", corpus.documents()));
        assertThat(text(TokenStream.of(corpus, new ByteTokenizer(), 1))).isEqualTo(first);
        assertThat(text(TokenStream.of(corpus, new ByteTokenizer(), 2))).isNotEqualTo(first);
    }

    private static String text(TokenStream stream) {
        int[] tokens = new int[stream.length()];
        stream.copy(0, tokens, 0, tokens.length);
        return new ByteTokenizer().decode(tokens);
    }
}
