package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.EquationError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EinsumTest {

    /** Operands hold 1, 2, 3, ... */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ij,jk->ik           | 2 2, 2 2    | 2 2 | 7 10 15 22
            i j, j k -> k i     | 2 2, 2 2    | 2 2 | 7 15 10 22
            ij,j                | 2 3, 3      | 2   | 14 32
            ii                  | 2 2         |     | 5
            ii->i               | 2 2         | 2   | 1 4
            ij->ji              | 2 3         | 3 2 | 1 4 2 5 3 6
            i,j->ij             | 2, 3        | 2 3 | 1 2 3 2 4 6
            i,i,i->             | 3, 3, 3     |     | 36
            ij->                | 0 3         |     | 0
            ij->j               | 0 3         | 3   | 0 0 0
            ij,jk->ik           | 2 0, 0 1    | 2 1 | 0 0
            ij,jk->ik           | 1 1, 1 1    | 1 1 | 1
            x1_0 x0_0, x0_0 y0 -> y0 x1_0 | 1 2, 2 3 | 3 1 | 9 12 15
            """)
    void sumsProducts(String equation, String shapes, @Nullable String shape, String elements) {
        INDArray[] operands = Arrays.stream(shapes.split(",")).map(EinsumTest::counting).toArray(INDArray[]::new);
        INDArray[] copies = Arrays.stream(operands).map(INDArray::dup).toArray(INDArray[]::new);
        INDArray result = Einsum.of(equation).apply(operands);
        assertThat(result.shape()).isEqualTo(shape(shape));
        assertThat(result.data().asDouble()).containsExactly(numbers(elements));
        assertThat(operands).isEqualTo(copies);
        assertThat(Einsum.of(equation).apply(floats(operands)).data().asDouble()).containsExactly(numbers(elements));
    }

    @Test
    void anEmptyResultHasItsShape() {
        assertThat(Einsum.of("ij,jk->ik").apply(counting("0 3"), counting("3 2")).shape()).containsExactly(0, 2);
    }

    @Test
    void viewsAreReadInTheirOwnOrder() {
        assertThat(Einsum.of("ij->ij").apply(counting("2 3").transpose()).data().asDouble()).containsExactly(1, 4, 2, 5,
                3, 6);
    }

    @Test
    void mixedTypesAreRefused() {
        INDArray x = counting("2");
        assertThatThrownBy(() -> Einsum.of("i,i->").apply(x, x.castTo(DataType.FLOAT)))
                .isInstanceOf(EquationError.class).hasMessageContaining("operand 1 is of type FLOAT")
                .hasMessageContaining("operand 0 of type DOUBLE");
    }

    private static INDArray counting(String text) {
        long[] shape = shape(text);
        double[] elements = IntStream.rangeClosed(1, (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .asDoubleStream().toArray();
        return elements.length == 0 ? Nd4j.create(DataType.DOUBLE, shape) : Nd4j.create(elements, shape, 'c');
    }

    private static INDArray[] floats(INDArray[] doubles) {
        return Arrays.stream(doubles).map(x -> x.castTo(DataType.FLOAT)).toArray(INDArray[]::new);
    }

    private static long[] shape(@Nullable String text) {
        return Arrays.stream(numbers(text)).mapToLong(x -> (long) x).toArray();
    }

    private static double[] numbers(@Nullable String text) {
        return text == null || text.isBlank()
                ? new double[0]
                : Arrays.stream(text.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
