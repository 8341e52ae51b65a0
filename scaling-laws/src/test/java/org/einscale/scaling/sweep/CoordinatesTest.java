package org.einscale.scaling.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.table.CoordinateTable.Row;
import org.junit.jupiter.api.Test;

class CoordinatesTest {

    /** Two steps at three widths: one activation goes as the width's power, one does not change at all. */
    private static Coordinates of(double power) {
        return new Coordinates("mup",
                Stream.of(32, 64, 256).flatMap(width -> Stream.of(
                        new Row("mup", width, 1, "logits", 1, width), new Row("mup", width, 1, "scores", 0, 0),
                        new Row("mup", width, 2, "logits", 7, 3 * Math.pow(width, power)),
                        new Row("mup", width, 2, "scores", 0, 0))).toList());
    }

    @Test
    void slopesAreThoseOfTheLastStep() {
        assertThat(Objects.requireNonNull(of(0.7).slopes(Row::change).get("logits"))).isCloseTo(0.7, within(1e-12));
        assertThat(Objects.requireNonNull(of(0.7).slopes(Row::size).get("logits"))).isCloseTo(0, within(1e-12));
        assertThat(of(0.7).slopes(Row::change).get("scores")).isNaN();
    }

    @Test
    void aSentenceSaysWhatGrows() {
        assertThat(of(0.7).judgement()).isEqualTo("mup: 1 of 2 changes grow with the width (most does logits, as"
                + " width^0.70), so a wider model needs a lower learning rate.");
        assertThat(of(-0.1).judgement()).isEqualTo("mup: no change grows with the width (most does logits, as"
                + " width^-0.10), so a learning rate should hold at all of them.");
    }

    @Test
    void oneWidthIsNoComparison() {
        assertThatThrownBy(() -> new Coordinates("mup", List.of(new Row("mup", 32, 1, "logits", 1, 1))))
                .isInstanceOf(ScalingException.class).hasMessageContaining("two or more");
    }
}
