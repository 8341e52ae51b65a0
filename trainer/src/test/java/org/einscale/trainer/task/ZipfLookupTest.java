package org.einscale.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.config.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipfLookupTest {
    private static final Offset<Double> ROUNDING = within(1e-12);
    private static final ZipfLookup SMALL = new ZipfLookup(30, 2, 5, 1.3, 0.2);

    /** Entropy from the probabilities of all answers. */
    @ParameterizedTest
    @CsvSource({"64, 0.1", "64, 0", "2, 0.5", "10, 0.9"})
    void theFloorIsTheEntropyOfAnAnswer(int values, double noise) {
        double entropy = 0;
        for (int value = 0; value < values; value++) {
            double p = noise / values + (value == 0 ? 1 - noise : 0);
            entropy -= p == 0 ? 0 : p * Math.log(p);
        }
        assertThat(new ZipfLookup(9, 2, values, 1, noise).floor()).isCloseTo(entropy, ROUNDING);
    }

    /** One who knows some keys exactly and guesses evenly at the others has the loss of the formula. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 30})
    void lossIsTheFloorAndWhatIsNotLearned(int learned) {
        ZipfLookup.Table table = SMALL.examples(4);
        Map<String, Integer> ranks = new HashMap<>();
        for (int rank = 0; rank < 30; rank++) {
            ranks.put(key(table, rank), rank);
        }
        Answers answers = Answers.of(SMALL, 4, keys -> {
            double[][] found = new double[keys.length][SMALL.vocabulary()];
            for (int i = 0; i < keys.length; i++) {
                int rank = Objects.requireNonNull(ranks.get(keys[i][0] + " " + keys[i][1]));
                for (int token = 0; token < found[i].length; token++) {
                    double even = token < SMALL.values() ? 1.0 / SMALL.values() : 0;
                    double known = token < SMALL.values()
                            ? SMALL.noise() / SMALL.values() + (token == table.value(rank) ? 1 - SMALL.noise() : 0)
                            : 0;
                    found[i][token] = Math.log(rank < learned ? known : even);
                }
            }
            return found;
        });
        double unlearned = SMALL.frequencies().beyond(learned);

        assertThat(answers.loss()).isCloseTo(SMALL.loss(unlearned), ROUNDING);
        assertThat(SMALL.unlearned(answers.loss())).isCloseTo(unlearned, ROUNDING);
    }

    private static String key(ZipfLookup.Table table, int rank) {
        int[] key = new int[2];
        table.key(rank, key, 0);
        return key[0] + " " + key[1];
    }

    /** The sum over all sequences of so many draws. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 6})
    void unseenIsTheMeanOverAllDraws(int draws) {
        Zipf zipf = new Zipf(4, 2);
        double expected = 0;
        for (int code = 0; code < Math.pow(4, draws); code++) {
            double probability = 1;
            Set<Integer> seen = new HashSet<>();
            for (int draw = 0, rest = code; draw < draws; draw++, rest /= 4) {
                probability *= zipf.share(rest % 4);
                seen.add(rest % 4);
            }
            for (int rank = 0; rank < 4; rank++) {
                expected += seen.contains(rank) ? 0 : probability * zipf.share(rank);
            }
        }
        assertThat(zipf.unseen(draws)).isCloseTo(expected, ROUNDING);
    }

    /** With s = 2 what has not been seen falls as the root of the draws. */
    @Test
    void unseenFallsAsAPower() {
        Zipf zipf = new Zipf(4096, 2);
        double slope = Math.log(zipf.unseen(1e4) / zipf.unseen(1e3)) / Math.log(10);
        assertThat(slope).isCloseTo(-0.5, within(0.01));
    }

    @Test
    void sharesAreThoseOfAPowerAndSumToOne() {
        Zipf zipf = new Zipf(100, 1.5);
        double sum = 0;
        for (int rank = 0; rank < 100; rank++) {
            sum += zipf.share(rank);
            assertThat(zipf.share(rank) / zipf.share(0)).isCloseTo(Math.pow(rank + 1, -1.5), ROUNDING);
        }
        assertThat(sum).isCloseTo(1, ROUNDING);
        assertThat(zipf.beyond(0)).isCloseTo(1, ROUNDING);
        assertThat(zipf.beyond(99)).isEqualTo(zipf.share(99));
        assertThat(zipf.at(0)).isZero();
        assertThat(zipf.at(Math.nextDown(1.0))).isEqualTo(99);
    }

    /** Of n draws the share of a key is off by less than 5 sqrt(p / n) but for one in a million. */
    @Test
    void keysAndValuesAreDrawnAsOftenAsTheyShould() {
        int count = 200_000;
        ZipfLookup.Table table = SMALL.examples(9);
        Map<String, Integer> keys = new HashMap<>();
        Map<String, Integer> right = new HashMap<>();
        Map<String, Integer> values = new HashMap<>();
        for (int rank = 0; rank < 30; rank++) {
            values.put(key(table, rank), table.value(rank));
        }
        Philox draws = Philox.of(1, "test");
        int[] key = new int[2];
        for (int i = 0; i < count; i++) {
            int answer = table.draw(draws, i, key, 0);
            String text = key[0] + " " + key[1];
            keys.merge(text, 1, Integer::sum);
            right.merge(text, answer == Objects.requireNonNull(values.get(text)) ? 1 : 0, Integer::sum);
        }
        assertThat(keys).hasSize(30);
        for (int rank = 0; rank < 30; rank++) {
            double share = SMALL.frequencies().share(rank);
            int found = Objects.requireNonNull(keys.get(key(table, rank)));
            assertThat(found / (double) count).isCloseTo(share, within(5 * Math.sqrt(share / count)));
            assertThat(Objects.requireNonNull(right.get(key(table, rank))) / (double) found).isCloseTo(SMALL.right(),
                    within(5 * Math.sqrt(0.25 / found)));
        }
    }

    /** Every token stands in keys of all frequencies, so that none gives a key away. */
    @Test
    void aKeyHasTheFewestTokensThatAreEnough() {
        assertThat(new ZipfLookup(4096, 2, 10, 1, 0).vocabulary()).isEqualTo(64);
        assertThat(new ZipfLookup(4097, 2, 10, 1, 0).vocabulary()).isEqualTo(65);
        assertThat(new ZipfLookup(4096, 3, 10, 1, 0).vocabulary()).isEqualTo(16);
        assertThat(new ZipfLookup(4096, 3, 100, 1, 0).vocabulary()).isEqualTo(100);
    }

    @Test
    void anotherSeedAsksForOtherValues() {
        ZipfLookup.Table one = SMALL.examples(1);
        ZipfLookup.Table other = SMALL.examples(2);
        int same = 0;
        for (int rank = 0; rank < 30; rank++) {
            assertThat(SMALL.examples(1).value(rank)).isEqualTo(one.value(rank));
            same += one.value(rank) == other.value(rank) ? 1 : 0;
        }
        assertThat(same).isLessThan(20);
    }

    @Test
    void itsTextIsReadBack() {
        assertThat(TaskKind.read(Section.at("task", ConfigFactory.parseString(SMALL.text())))).contains(SMALL);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(() -> new ZipfLookup(10, 2, 1, 1, 0)).hasMessage("values is 1; expected 2 or more");
        assertThatThrownBy(() -> new ZipfLookup(10, 2, 4, 1, 1))
                .hasMessage("noise is 1; expected at least 0 and below 1");
    }
}
