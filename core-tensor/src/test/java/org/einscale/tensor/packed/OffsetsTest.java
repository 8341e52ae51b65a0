package org.einscale.tensor.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Index;
import org.einscale.tensor.packed.tile.Tile;
import org.junit.jupiter.api.Test;

class OffsetsTest {
    @Test
    void tablesOfOffsetsAreRowMajorOverTheirAxes() {
        Offsets offsets = Offsets.of(new int[]{2, 3}, new long[]{10, 1}, new long[]{-1, 5});
        assertThat(offsets.first()).containsExactly(0, 1, 2, 10, 11, 12);
        assertThat(offsets.second()).containsExactly(0, 5, 10, -1, 4, 9);
        assertThat(Offsets.of(new int[0], new long[0], new long[0]).first()).containsExactly(0);
        assertThat(Offsets.of(new int[]{3, 0, 2}, new long[3], new long[3]).count()).isZero();
        assertThat(Offsets.runs(new int[]{4, 5, 6, 9, 8, 9})).containsExactly(3, 2, 1, 1, 2, 1);
    }

    @Test
    void columnsWithoutBlocksAreInTheOrderOfTheResult() {
        Offsets offsets = Offsets.columns(new int[]{2, 3}, new long[]{1, 2}, new long[]{1, 2});
        assertThat(offsets.second()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void columnsAreBlocksOfTilesWhereOtherAxesAreContiguousInTheOperand() {
        int tile = Tile.COLUMNS;
        // The operand is (t, l), the result (l, t).
        Offsets offsets = Offsets.columns(new int[]{3, tile + 2}, new long[]{1, 3}, new long[]{tile + 2, 1});
        assertThat(offsets.second()).startsWith(IntStream.range(0, tile).toArray());
        assertThat(Arrays.copyOfRange(offsets.first(), tile, 2 * tile))
                .containsExactly(IntStream.range(0, tile).map(t -> 3 * t + 1).toArray());
        assertThat(Arrays.copyOfRange(offsets.second(), 3 * tile, 3 * tile + 6)).containsExactly(tile, tile + 1,
                2 * tile + 2, 2 * tile + 3, 3 * tile + 4, 3 * tile + 5);
    }

    @Test
    void sumsAreBlocksWhereDifferentAxesAreContiguousInTheOperands() {
        int tile = Panels.GROUP;
        // The one operand is (t, l), the other (l, t).
        Offsets offsets = Offsets.sums(new int[]{2 * tile, 5}, new long[]{5, 1}, new long[]{1, 2 * tile});
        assertThat(Offsets.runs(offsets.second())).startsWith(tile).contains(tile, Index.atIndex(tile));
        assertThat(Offsets.runs(offsets.first(), tile)).containsExactly(5, 4, 3, 2, 1, 5, 4, 3, 2, 1);
        assertThat(Arrays.stream(offsets.first()).sorted().toArray())
                .isEqualTo(IntStream.range(0, 10 * tile).toArray());
        assertThat(Offsets.sums(new int[]{2, 5}, new long[]{5, 1}, new long[]{1, 2}))
                .usingRecursiveComparison().isEqualTo(Offsets.of(new int[]{2, 5}, new long[]{5, 1}, new long[]{1, 2}));
    }

    @Test
    void tablesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Offsets(new int[2], new int[3])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offsets of 2 elements in the first tensor and 3 in the second: expected as many");
        assertThatThrownBy(() -> Offsets.of(new int[]{2}, new long[]{1, 2}, new long[]{1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("strides [1, 2] and [1]: expected one for each of the sizes [2]");
        assertThatThrownBy(() -> Offsets.of(new int[]{-1}, new long[1], new long[1]))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("sizes [-1]: expected 0 or more");
        assertThatThrownBy(() -> Offsets.of(new int[]{3}, new long[]{1L << 31}, new long[1]))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "sizes [3] with strides [2147483648]: an element lies more than 2147483647 elements away");
        assertThatThrownBy(() -> Offsets.of(new int[]{1 << 20, 1 << 20}, new long[2], new long[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sizes [1048576, 1048576]: expected at most 2147483647 elements");
    }
}
