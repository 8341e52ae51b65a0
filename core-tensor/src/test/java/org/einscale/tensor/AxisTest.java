package org.einscale.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 8, "length", 128, "none", 0));

    @ParameterizedTest
    @ValueSource(strings = {"b", "batch", "d_model", "x2", "λ", "層", "é1", "𝒳"})
    void namesStartWithALetter(String name) {
        assertThat(new Axis(name)).hasToString(name);
    }

    @ParameterizedTest
    @CsvSource({"2x, '2' at position 1", "_x, '_' at position 1", "a-b, '-' at position 2", "'a b', ' ' at position 2"})
    void otherNamesAreRefused(String name, String problem) {
        assertThatThrownBy(() -> new Axis(name)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void theEmptyNameIsRefused() {
        assertThatThrownBy(() -> new Axis("")).hasMessageContaining("empty");
    }

    @Test
    void sizesAreFoundByAxis() {
        assertThat(SIZES.of(new Axis("length"))).isEqualTo(128);
        assertThat(SIZES.has(new Axis("b"))).isTrue();
        assertThat(SIZES.has(new Axis("c"))).isFalse();
        assertThat(SIZES.axes()).extracting(Axis::name).containsExactly("b", "length", "none");
        assertThat(SIZES).hasToString("b=8 length=128 none=0").isEqualTo(SIZES.with(new Axis("b"), 8));
        assertThat(SIZES.with(new Axis("b"), 9).of(new Axis("b"))).isEqualTo(9);
        assertThat(SIZES.of(new Axis("b"))).isEqualTo(8);
    }

    @Test
    void volumeIsTheProduct() {
        Axis b = new Axis("b");
        Axis length = new Axis("length");
        assertThat(SIZES.volume(List.of())).isEqualTo(1);
        assertThat(SIZES.volume(List.of(b, length))).isEqualTo(1024);
        assertThat(SIZES.volume(List.of(b, new Axis("none")))).isZero();
        Axis huge = new Axis("huge");
        assertThatThrownBy(() -> SIZES.with(huge, Integer.MAX_VALUE).volume(List.of(huge, huge, huge)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aPartIsNamedAfterItsAxisAndWhatSplitsIt() {
        Axis part = new Axis("b").over(List.of("data", "model"));

        assertThat(part).hasToString("b/data+model").isEqualTo(new Axis("b", List.of("data", "model")))
                .hasSameHashCodeAs(new Axis("b", List.of("data", "model")));
        assertThat(part.base()).isEqualTo("b");
        assertThat(part.whole()).isEqualTo(new Axis("b")).isNotEqualTo(part);
        assertThat(part).isNotEqualTo(new Axis("b", List.of("model", "data"))).isNotEqualTo(new Axis("c", part.over()));
        assertThat(part.over(List.of())).isEqualTo(new Axis("b"));
        assertThat(part.over(List.of("data", "model"))).isSameAs(part);
        assertThat(part.whole().whole()).isEqualTo(part.whole());
    }

    /** Parts come behind their whole axis, and before any axis of a longer name. */
    @Test
    void axesSortByName() {
        assertThat(Stream.of("ba", "b/model", "c", "b", "b/data+model", "b/data", "a/x").map(AxisTest::axis).sorted())
                .extracting(Axis::name).containsExactly("a/x", "b", "b/data", "b/data+model", "b/model", "ba", "c");
    }

    private static Axis axis(String name) {
        String[] sides = name.split("/");
        return new Axis(sides[0], sides.length == 1 ? List.of() : List.of(sides[1].split("\\+")));
    }

    @Test
    void aPartHasASizeAndAStartOfItsOwn() {
        Axis part = axis("b/data");
        Sizes sizes = SIZES.with(part, 4, 3);

        assertThat(sizes.of(part)).isEqualTo(4);
        assertThat(sizes.start(part)).isEqualTo(3);
        assertThat(sizes.of(part.whole())).isEqualTo(8);
        assertThat(sizes.start(part.whole())).isZero();
        assertThat(sizes).hasToString("b=8 b/data=4@3 length=128 none=0");
        assertThat(sizes).isEqualTo(SIZES.with(part, 4, 3)).hasSameHashCodeAs(SIZES.with(part, 4, 3))
                .isNotEqualTo(SIZES.with(part, 4, 2)).isNotEqualTo(SIZES.with(part, 3, 3))
                .isNotEqualTo(SIZES.with(part, 4));
        assertThat(SIZES.has(part)).isFalse();
        assertThatThrownBy(() -> SIZES.with(part, 4, -1))
                .hasMessage("start of axis 'b/data' is -1: expected 0 or more");
    }

    @Test
    void anUnknownAxisNamesTheNearest() {
        assertThatThrownBy(() -> SIZES.of(new Axis("lenght"))).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "axis 'lenght' has no size; known axes: b, length, none, did you mean 'length'?");
        assertThatThrownBy(() -> SIZES.with(new Axis("b"), -1))
                .hasMessage("size of axis 'b' is -1: expected 0 or more");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"lenght, length", "bacth, batch", "Batch, batch", "batches, batch", "xyz, -",
        "b, -", "hed, head", "batch, -", "BATCH, batch"})
    void nearestIsTheLikelyMeaning(String found, @org.jspecify.annotations.Nullable String expected) {
        var nearest = Nearest.to(found, List.of("length", "batch", "head"));
        assertThat(nearest.orElse(null)).isEqualTo(expected);
    }

    @Test
    void sharedSectionsBringNamesNoNearer() {
        assertThat(Nearest.to("training.bach", List.of("training.length"))).isEmpty();
        assertThat(Nearest.to("training.bach", List.of("training.length", "training.batch")))
                .contains("training.batch");
        assertThat(Nearest.to("trainin.batch", List.of("training.batch"))).contains("training.batch");
    }

    @Test
    void nearNamesAreTriedInTurnUntilOneWorks() {
        List<String> known = List.of("heads", "xyz", "header", "head");
        List<String> tried = new ArrayList<>();
        assertThat(Nearest.to("headed", known, near -> tried.add(near) && near.equals("heads"))).contains("heads");
        assertThat(tried).containsExactly("header", "heads");
        assertThat(Nearest.to("headed", known, near -> near.equals("xyz"))).isEmpty();
    }
}
