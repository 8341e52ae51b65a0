package org.einscale.einsum.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.einscale.einsum.path.Path.Meeting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathCostTest {
    private static final Path PAIR = new Path(List.of(new Meeting(0, 1)));

    @Test
    void aMatrixProductCountsTwoFlopsAPointAndFourBytesAnElement() {
        PathCost cost = PathCost.of(Networks.of("ij,jk->ik", "i2 j3 k5"), PAIR);

        assertThat(cost).isEqualTo(new PathCost(60, 40, 0));
        assertThat(cost.total()).isEqualTo(60 + 40 * 6.25);
    }

    @ParameterizedTest
    @CsvSource({"'ij,jk->ik', 0", "'ji,kj->ik', 0", "'bij,bjk->bik', 0", "'ibj,bjk->bik', 0", "'ij,j->i', 0",
        "'ij,ij->ij', 0", "'ijk,j->ik', 30", "'ijk,jl->ikl', 30", "'jik,jkl->il', 30", "'jik,jlk->il', 135",
        "'ijb,jkb->ikb', 231"})
    void operandsWhoseMatrixAxesAreNotTwoBlocksAreCopied(String equation, int elements) {
        Network network = Networks.of(equation, "i2 j3 k5 l7 b11");

        assertThat(PathCost.of(network, PAIR).bytesCopied()).isEqualTo(4 * elements);
    }

    @Test
    void axesOfSizeOneAndProductsOfTheContractionAreNeverInTheWay() {
        assertThat(PathCost.of(Networks.of("ijk,jl->ikl", "i2 j3 k1 l7"), PAIR).bytesCopied()).isZero();
        assertThat(PathCost.of(Networks.of("aijk,jl->ikl", "a2 i2 j3 k5 l7"), PAIR).bytesCopied()).isZero();
    }
}
