package org.einscale.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** The known-answer vectors of philox4x32-10 that Salmon et al. publish with their Random123 library. */
    @Test
    void givesThePublishedAnswers() {
        assertBlock(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertBlock(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertBlock(0x299f31d0a4093822L, 0x85a308d3243f6a88L, 0x0370734413198a2eL, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
                0x24126ea1);
    }

    private static void assertBlock(long key, long low, long high, int w0, int w1, int w2, int w3) {
        assertThat(Philox.half(key, low, high, 0)).isEqualTo(Integer.toUnsignedLong(w0) | (long) w1 << 32);
        assertThat(Philox.half(key, low, high, 1)).isEqualTo(Integer.toUnsignedLong(w2) | (long) w3 << 32);
    }

    @Test
    void bitsWalkThroughTheWordsOfABlock() {
        assertThat(LongStream.range(0, 4).mapToInt(i -> Philox.bits(0, i))).containsExactly(0x6627e8d5, 0xe169c58d,
                0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void seedsAndNamesGiveStreamsOfTheirOwn() {
        assertThat(Philox.of(1, "a").key()).isEqualTo(Philox.of(1, "a").key()).isNotEqualTo(Philox.of(1, "b").key())
                .isNotEqualTo(Philox.of(2, "a").key());
    }

    @Test
    void uniformAndNormalHaveTheirMoments() {
        Philox random = Philox.of(3, "moments");
        int n = 40_000;
        assertThat(LongStream.range(0, n).mapToDouble(random::uniform)).allMatch(u -> u >= 0 && u < 1);
        assertThat(LongStream.range(0, n).mapToDouble(random::uniform).average().orElseThrow()).isCloseTo(0.5,
                within(0.01));
        assertThat(LongStream.range(0, n).mapToDouble(random::normal).average().orElseThrow()).isCloseTo(0,
                within(0.02));
        assertThat(LongStream.range(0, n).mapToDouble(i -> Math.pow(random.normal(i), 2)).average().orElseThrow())
                .isCloseTo(1, within(0.03));
        assertThat(LongStream.range(0, n).mapToDouble(i -> Math.pow(random.normal(i), 4)).average().orElseThrow())
                .isCloseTo(3, within(0.2));
    }

    /** Two words, the later one above, without the lowest 11 bits. */
    @Test
    void fineNumbersAreMadeOfTwoWords() {
        Philox random = Philox.of(3, "fine");
        for (int i = 0; i < 9; i++) {
            long words = Integer.toUnsignedLong(random.bits(2L * i)) | (long) random.bits(2L * i + 1) << 32;
            assertThat(random.fine(i)).isEqualTo((words >>> 11) * 0x1p-53).isBetween(0.0, Math.nextDown(1.0));
        }
    }
}
