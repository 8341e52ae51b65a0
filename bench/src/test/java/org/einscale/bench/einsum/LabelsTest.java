package org.einscale.bench.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {
    private static final List<List<Long>> MATRICES = List.of(List.of(2L, 3L), List.of(3L, 4L));

    @Test
    void bindsLetters() {
        Labels labels = Labels.of("ij, jk -> ik", MATRICES);

        assertThat(labels.inputs()).containsExactly("ij", "jk");
        assertThat(labels.shape(labels.output())).containsExactly(2, 4);
        assertThat(labels.pairFlops()).isEqualTo(2.0 * 2 * 3 * 4);
        assertThat(labels.terms("ik")).isEqualTo(3);
        assertThat(labels.terms("ij")).isEqualTo(4);
    }

    @Test
    void labelsWhatAnEllipsisStandsFor() {
        Labels labels = Labels.of("ijk,...ikl->...ijl",
                List.of(List.of(3L, 5L, 6L), List.of(7L, 3L, 6L, 1L)));

        assertThat(labels.inputs()).containsExactly("ijk", "0ikl");
        assertThat(labels.shape(labels.output())).containsExactly(7, 3, 5, 1);
    }

    @Test
    void sumsOnOneSideAreNotMultiplied() {
        assertThat(Labels.of("ax,ab->b", List.of(List.of(2L, 1000L), List.of(2L, 3L))).pairFlops()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ij,kj->ik | j is 3 and 4", "ij,j->i | expected 1 axes for j",
        "ij,jk,kl->il | expected an arrow and 2 operands", "ij,jk | expected an arrow and 2 operands"})
    void refusesWhatDoesNotFit(String equation, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Labels.of(equation, MATRICES))
                .withMessageContaining(message);
    }
}
