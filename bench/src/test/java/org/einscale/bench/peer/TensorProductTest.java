package org.einscale.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TensorProductTest {
    private static final INDArray A = Nd4j.createFromArray(1f, 2f, 3f, 4f, 5f, 6f).reshape(2, 3);
    private static final INDArray B = Nd4j.createFromArray(1f, 0f, 2f, 0f, 1f, 1f).reshape(3, 2);

    @ParameterizedTest
    @ValueSource(strings = {"ii,ij->j", "ax,ab->b", "...j,...j->...", "ij,ij->", "ij,ji->ji", "ij,jk,kl->il"})
    void isAbsentWhereItIsNoProduct(String equation) {
        assertThat(TensorProduct.of(equation)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ij,jk->ik", "ij,jk->ki", "ij,jk->ijk"})
    void computes(String equation) {
        float[] expected = switch (equation) {
            case "ij,jk->ik" -> new float[]{8, 3, 20, 6};
            case "ij,jk->ki" -> new float[]{8, 20, 3, 6};
            default -> new float[]{1, 0, 4, 0, 3, 3, 4, 0, 10, 0, 6, 6};
        };

        INDArray found = TensorProduct.of(equation).orElseThrow().of(A, B);

        assertThat(found.dup('c').data().asFloat()).containsExactly(expected);
        assertThat(found.ordering()).isEqualTo('c');
    }
}
