package org.einscale.trainer.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenChooserTest {
    private static final TokenChooser GREEDY = new TokenChooser(0, 0, 1);
    private static final double ALMOST_ONE = Math.nextDown(1.0);
    /** Probabilities 1/8, 4/8, 1/8, 2/8. */
    private static final float[] LOGITS = {0, log(4), 0, log(2)};

    @ParameterizedTest(name = "top-k {0}, top-p {1}, uniform {2}: token {3}")
    @CsvSource({
        // All tokens, in falling order 1 3 0 2 with bounds 4/8, 6/8, 7/8.
        "0, 1, 0, 1", "0, 1, 0.49, 1", "0, 1, 0.51, 3", "0, 1, 0.74, 3", "0, 1, 0.76, 0", "0, 1, 0.87, 0",
        "0, 1, 0.88, 2",
        // Two tokens, with bound 4/6.
        "2, 1, 0.66, 1", "2, 1, 0.67, 3", "2, 1, 0.999, 3",
        // Of two equal tokens the lower number is kept.
        "3, 1, 0.999, 0", "1, 1, 0.999, 1", "9, 1, 0.999, 2",
        // The share of the nucleus: 4/8 reaches 0.49, 6/8 reaches 0.6, 7/8 reaches 0.8.
        "0, 0.49, 0.999, 1", "0, 0.6, 0.66, 1", "0, 0.6, 0.67, 3", "0, 0.8, 0.999, 0", "0, 0.9, 0.999, 2",
        // The nucleus is of what top-k left: 4/6 reaches 0.6.
        "2, 0.6, 0.999, 1"})
    void choosesByShare(int topK, double topP, double uniform, int token) {
        assertThat(new TokenChooser(1, topK, topP).choose(LOGITS, uniform)).isEqualTo(token);
    }

    @Test
    void temperatureSharpensAndFlattens() {
        // At temperature 1/2 the weights are 1 16 1 4, at 2 they are 1 2 1 1.41.
        assertThat(new TokenChooser(0.5, 0, 1).choose(LOGITS, 0.72)).isEqualTo(1);
        assertThat(new TokenChooser(0.5, 0, 1).choose(LOGITS, 0.73)).isEqualTo(3);
        assertThat(new TokenChooser(2, 0, 1).choose(LOGITS, 0.36)).isEqualTo(1);
        assertThat(new TokenChooser(2, 0, 1).choose(LOGITS, 0.38)).isEqualTo(3);
    }

    @Test
    void temperatureZeroTakesTheFirstLargest() {
        assertThat(GREEDY.choose(new float[]{1, 3, 3, -1}, ALMOST_ONE)).isEqualTo(1);
        assertThat(GREEDY.choose(new float[]{-0f, 0f}, ALMOST_ONE)).isZero();
        assertThat(new TokenChooser(Double.MIN_VALUE, 0, 1).choose(new float[]{1, 2, 3}, ALMOST_ONE)).isEqualTo(2);
    }

    @Test
    void excludedAndVanishingTokensAreNeverChosen() {
        float no = Float.NEGATIVE_INFINITY;
        assertThat(new TokenChooser(1, 0, 1).choose(new float[]{no, -500, no, 500, no}, ALMOST_ONE)).isEqualTo(3);
        assertThat(new TokenChooser(1, 0, 1).choose(new float[]{no, no, -3e38f}, ALMOST_ONE)).isEqualTo(2);
        assertThat(GREEDY.choose(new float[]{no, -3e38f}, 0)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void logitsThatAreNoNumbersAreRefused(float bad) {
        assertThatThrownBy(() -> new TokenChooser(1, 0, 1).choose(new float[]{1, bad}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the logit of token 1 is %s: expected a finite number", bad);
    }

    @Test
    void atLeastOneTokenMustBeLeft() {
        assertThatThrownBy(() -> GREEDY.choose(new float[]{Float.NEGATIVE_INFINITY}, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("none of the 1 logits is finite");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new TokenChooser(-1, 0, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("temperature -1.0: expected 0 or more");
        assertThatThrownBy(() -> new TokenChooser(Double.NaN, 0, 1)).hasMessageStartingWith("temperature NaN");
        assertThatThrownBy(() -> new TokenChooser(1, -1, 1)).hasMessage("top-k -1: expected 0 (all tokens) or more");
        assertThatThrownBy(() -> new TokenChooser(1, 0, 0))
                .hasMessage("top-p 0.0: expected a number above 0 and at most 1 (all tokens)");
        assertThatThrownBy(() -> new TokenChooser(1, 0, 1.1)).hasMessageStartingWith("top-p 1.1");
        assertThatThrownBy(() -> GREEDY.choose(LOGITS, 1)).hasMessageStartingWith("uniform 1.0");
    }

    /** Chi-squared with 3 degrees of freedom stays below 16.3 with probability 0.999. */
    @Test
    void tokensAreChosenAsOftenAsTheirProbability() {
        Philox random = Philox.of(5, "choice");
        int draws = 80_000;
        int[] counts = new int[4];
        for (int i = 0; i < draws; i++) {
            counts[new TokenChooser(1, 0, 1).choose(LOGITS, random.uniform(i))]++;
        }
        double[] expected = {draws / 8.0, draws / 2.0, draws / 8.0, draws / 4.0};
        double distance = 0;
        for (int token = 0; token < 4; token++) {
            distance += Math.pow(counts[token] - expected[token], 2) / expected[token];
        }
        assertThat(distance).isLessThan(16.3);
    }

    private static float log(double value) {
        return (float) Math.log(value);
    }
}
