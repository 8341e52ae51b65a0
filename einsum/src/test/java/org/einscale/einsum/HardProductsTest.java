package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Products of numbers whose product is 1 and most of whose partial products are no numbers of the precision, along any axes. */
class HardProductsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i j ->         | 4 64
            i j -> i       | 3 64
            i j -> j       | 64 3
            i j k -> j     | 8 3 8
            i j k -> i k   | 3 64 3
            i j k -> k     | 8 8 20
            i j k l -> j l | 8 3 8 2
            i j k l -> j   | 4 3 4 4
            """)
    void comeOutWhateverIsMultipliedFirst(String text, String shape) {
        long[] sizes = List.of(shape.strip().split(" ")).stream().mapToLong(Long::parseLong).toArray();
        int rank = sizes.length;
        for (Precision precision : Precision.values()) {
            double large = precision == Precision.FLOAT ? 0x1p100 : 0x1p1000;
            for (int axis = 0; axis < rank; axis++) {
                if (sizes[axis] % 2 == 0
                        && !text.substring(text.indexOf('>')).contains("ijkl".substring(axis, axis + 1))) {
                    INDArray x = halves(precision, sizes, axis, large);
                    for (INDArray lying : List.of(x, reversed(x), x.dup('f'))) {
                        INDArray found = Einsum.reduce(text.strip(), Reduction.PROD).apply(lying);
                        assertThat(DoubleStream.of(TestArrays.elements(found)).boxed()).as("%s, axis %d", text, axis)
                                .isNotEmpty().containsOnly(1.0);
                    }
                }
            }
        }
    }

    /** Large in the first half of an axis, small in the other. */
    private static INDArray halves(Precision precision, long[] sizes, int axis, double large) {
        INDArray x = Nd4j.create(precision.dataType(), sizes);
        for (long i = 0; i < sizes[axis]; i++) {
            x.slice(i, axis).assign(i < sizes[axis] / 2 ? large : 1 / large);
        }
        return x;
    }

    /** The same, where the last axis comes first in memory. */
    private static INDArray reversed(INDArray x) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        Collections.reverse(order);
        int[] back = order.stream().mapToInt(i -> i).toArray();
        return x.permute(back).dup('c').permute(back);
    }
}
