package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.tensor.Precision;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Results in arrays that exist, constants, and use by several threads. */
class CompiledEinsumTest {
    private static final Sample PRODUCT = Sample.of(Equation.of("ij,jk->ik"), false, Map.of(),
            List.of(new long[]{2, 3}, new long[]{3, 4}), new Random(21));
    private static final INDArray[] OPERANDS = PRODUCT.operands(Precision.DOUBLE);
    private final CompiledEinsum product = PRODUCT.einsum().compile(Precision.DOUBLE, PRODUCT.shapeArray());

    @Test
    void resultsMayHaveAnyStrides() {
        Random random = new Random(22);
        RandomSamples samples = new RandomSamples(random, 3);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Sample sample = samples.next();
            double[] wanted = direct(sample);
            long[] shape = sample.binding().result().shape();
            double[] before = new double[wanted.length];
            Arrays.fill(before, Double.NaN);
            INDArray out = TestArrays.view(random, DataType.DOUBLE, before, shape);
            Einsum einsum = sample.einsum();
            for (int round = 0; round < 2; round++) {
                INDArray same = einsum.into(out, sample.views(random, Precision.DOUBLE));
                if (same != out || !TestArrays.close(TestArrays.elements(out), wanted, 1e-9)) {
                    wrong.add(sample + " into strides " + Arrays.toString(out.stride()) + ": expected "
                            + Arrays.toString(wanted) + ", found " + Arrays.toString(TestArrays.elements(out)));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void nothingBesideTheResultIsWritten() {
        INDArray all = Nd4j.createUninitialized(DataType.DOUBLE, 4, 9).assign(99);
        INDArray out = all.get(NDArrayIndex.interval(1, 3), NDArrayIndex.interval(1, 2, 8));
        product.into(out, OPERANDS);
        assertThat(TestArrays.close(TestArrays.elements(out), direct(PRODUCT), 1e-12)).isTrue();
        out.assign(99);
        assertThat(TestArrays.elements(all)).containsOnly(99);
    }

    @Test
    void aResultThatSharesMemoryIsRefused() {
        CompiledEinsum square = Einsum.of("ij,jk->ik").compile(Precision.DOUBLE, new long[]{2, 2}, new long[]{2, 2});
        INDArray all = Nd4j.createUninitialized(DataType.DOUBLE, 3, 2).assign(1);
        INDArray x = all.get(NDArrayIndex.interval(0, 2), NDArrayIndex.all());
        INDArray overlapping = all.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all());
        INDArray other = x.dup();
        for (INDArray out : List.of(x, x.transpose(), overlapping)) {
            assertThatThrownBy(() -> square.into(out, x, other)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("result 0 shares memory with operand 0");
            assertThatThrownBy(() -> square.into(out, other, x)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("result 0 shares memory with operand 1");
        }
        assertThat(TestArrays.elements(all)).containsOnly(1);
        assertThat(TestArrays.elements(square.into(Nd4j.create(DataType.DOUBLE, 2, 2), x, x))).containsOnly(2);
    }

    /** Columns of one matrix lie side by side, in one stretch of memory. */
    @Test
    void aResultBesideAnOperandInOneArrayIsWritten() {
        CompiledEinsum square = Einsum.of("ij,jk->ik").compile(Precision.DOUBLE, new long[]{4, 4}, new long[]{4, 4});
        for (INDArrayIndex[] columns : List.of(
                new INDArrayIndex[]{NDArrayIndex.interval(0, 4), NDArrayIndex.interval(4, 8),
                    NDArrayIndex.interval(8, 12)},
                new INDArrayIndex[]{NDArrayIndex.interval(0, 3, 12), NDArrayIndex.interval(1, 3, 12),
                    NDArrayIndex.interval(2, 3, 12)})) {
            INDArray all = Nd4j.rand(DataType.DOUBLE, 4, 12);
            INDArray x = all.get(NDArrayIndex.all(), columns[0]);
            INDArray y = all.get(NDArrayIndex.all(), columns[1]);
            INDArray out = all.get(NDArrayIndex.all(), columns[2]);
            INDArray wanted = x.mmul(y);
            INDArray before = x.dup();
            assertThat(square.into(out, x, y).equalsWithEps(wanted, 1e-12)).isTrue();
            assertThat(x.equalsWithEps(before, 0)).isTrue();
            assertThat(square.bind(1, y).into(out.assign(0), x).equalsWithEps(wanted, 1e-12)).isTrue();
            INDArray next = all.get(NDArrayIndex.all(), NDArrayIndex.interval(5, 9));
            assertThatThrownBy(() -> square.into(next, x, y)).hasMessageContaining("shares memory with operand");
        }
    }

    @Test
    void gradientsMayLieSideBySideToo() {
        INDArray all = Nd4j.zeros(DataType.DOUBLE, 4, 12);
        CompiledEinsum square = Einsum.of("ij,jk->ik").compile(Precision.DOUBLE, new long[]{4, 4}, new long[]{4, 4});
        INDArray x = Nd4j.rand(DataType.DOUBLE, 4, 4);
        INDArray y = Nd4j.rand(DataType.DOUBLE, 4, 4);
        INDArray cotangent = all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4)).assign(x.add(y));
        INDArray[] wanted = square.gradient().apply(cotangent, x, y);
        INDArray[] parts = {all.get(NDArrayIndex.all(), NDArrayIndex.interval(4, 8)),
            all.get(NDArrayIndex.all(), NDArrayIndex.interval(8, 12))};
        square.gradient().into(parts, cotangent, x, y);
        assertThat(List.of(parts)).isEqualTo(List.of(wanted));
        INDArray[] crossing = {parts[0], all.get(NDArrayIndex.all(), NDArrayIndex.interval(7, 11))};
        assertThatThrownBy(() -> square.gradient().into(crossing, cotangent, x, y))
                .hasMessage("the array for result 0 shares memory with that for result 1; expected elements of its own,"
                        + " such as those of a dup()");
        INDArray[] cotangents = {parts[0], cotangent};
        assertThatThrownBy(() -> square.gradient().into(cotangents, cotangent, x, y))
                .hasMessageContaining("result 1 shares memory with the cotangent");
        assertThat(List.of(parts)).isEqualTo(List.of(wanted));
    }

    @Test
    void aResultThatSharesMemoryWithAConstantIsRefused() {
        CompiledEinsum square = Einsum.of("ij,jk->ik").compile(Precision.DOUBLE, new long[]{2, 2}, new long[]{2, 2});
        INDArray constant = Nd4j.createUninitialized(DataType.DOUBLE, 2, 2).assign(1);
        CompiledEinsum bound = square.bind(1, constant);
        assertThatThrownBy(() -> bound.into(constant, constant.dup())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shares memory with");
    }

    @Test
    void aResultWithSeveralElementsInOnePlaceIsRefused() {
        INDArray row = Nd4j.create(DataType.DOUBLE, 5);
        INDArray stretched = Nd4j.create(row.data(), new long[]{2, 4}, new long[]{0, 1}, 0, 'c');
        assertThatThrownBy(() -> product.into(stretched, OPERANDS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the array for result 0 of shape [2, 4] has strides [0, 1]: several of its elements are one in"
                                + " memory; expected a place for each, as in a dup()");
        INDArray diagonals = Nd4j.create(row.data(), new long[]{2, 4}, new long[]{1, 1}, 0, 'c');
        assertThatThrownBy(() -> product.into(diagonals, OPERANDS)).hasMessageContaining("has strides [1, 1]");
        assertThat(TestArrays.elements(row)).containsOnly(0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> product.into(Nd4j.create(DataType.DOUBLE, 4, 2), OPERANDS), "the array for result 0",
                "[4, 2]", "[2, 4]");
        refused(() -> product.into(Nd4j.create(DataType.FLOAT, 2, 4), OPERANDS), "the array for result 0", "FLOAT",
                "compiled for DOUBLE");
        refused(() -> product.apply(OPERANDS[0], OPERANDS[0]), "operand 1", "[2, 3]", "[3, 4]");
        refused(() -> product.apply(OPERANDS[0], OPERANDS[1].castTo(DataType.FLOAT)), "operand 1", "FLOAT", "DOUBLE");
        refused(() -> product.apply(OPERANDS[0]), "expected 2 operands, found 1");
        refused(() -> product.into(Nd4j.create(new double[]{1, 2}, new long[]{2, 1}, 'c').broadcast(2, 4).dup()
                .get(NDArrayIndex.all(), NDArrayIndex.interval(0, 3)), OPERANDS), "the array for result 0", "[2, 3]");
        refused(() -> product.bind(2, OPERANDS[0]), "no operand 2", "0 to 1");
        refused(() -> product.bind(1, OPERANDS[0]), "operand 1", "[2, 3]", "[3, 4]");
        refused(() -> product.bind(1, OPERANDS[1].castTo(DataType.FLOAT)).apply(OPERANDS[0]), "operand 1", "FLOAT",
                "DOUBLE");
    }

    private static void refused(Callable<?> call, String... reasons) {
        assertThatThrownBy(call::call).isInstanceOf(IllegalArgumentException.class).message().contains(reasons);
    }

    @Test
    void aConstantComputesTheSame() {
        Random random = new Random(23);
        RandomSamples samples = new RandomSamples(random, 4);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Sample sample = samples.next();
            int bound = random.nextInt(sample.shapes().size());
            INDArray[] views = sample.views(random, Precision.DOUBLE);
            INDArray[] others = IntStream.range(0, views.length).filter(j -> j != bound).mapToObj(j -> views[j])
                    .toArray(INDArray[]::new);
            CompiledEinsum expression = sample.einsum().compile(Precision.DOUBLE, sample.shapeArray())
                    .bind(bound, views[bound]);
            for (int round = 0; round < 2; round++) {
                double[] found = TestArrays.elements(expression.apply(others));
                if (!TestArrays.close(found, direct(sample), 1e-9)) {
                    wrong.add(sample + " with constant operand " + bound + ": found " + Arrays.toString(found));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aConstantOfNoElementsIsNotRead() {
        CompiledEinsum sum = Einsum.of("abc,b->b").over(Semiring.MAX_PLUS).compile(Precision.FLOAT,
                new long[]{4, 2, 0}, new long[]{2});
        INDArray found = sum.bind(0, Nd4j.create(DataType.FLOAT, 4, 2, 0)).apply(Nd4j.ones(DataType.FLOAT, 2));
        assertThat(TestArrays.elements(found)).containsOnly(Double.NEGATIVE_INFINITY);
    }

    @Test
    void severalThreadsComputeAtOnce() throws Exception {
        Sample chain = Sample.of(Equation.of("ij,jk,kl,li->i"), false, Map.of(),
                List.of(new long[]{9, 8}, new long[]{8, 7}, new long[]{7, 6}, new long[]{6, 9}), new Random(24));
        CompiledEinsum expression = chain.einsum().compile(Precision.DOUBLE, chain.shapeArray());
        Callable<List<String>> work = () -> {
            Random random = new Random(25);
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Sample own = Sample.of(chain.equation(), false, Map.of(), chain.shapes(), random);
                double[] found = TestArrays.elements(expression.apply(own.operands(Precision.DOUBLE)));
                if (!TestArrays.close(found, direct(own), 1e-9)) {
                    wrong.add("call " + i);
                }
            }
            return wrong;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<List<String>> mistakes : threads.invokeAll(List.of(work, work))) {
                assertThat(mistakes.get()).isEmpty();
            }
        }
    }

    private static double[] direct(Sample sample) {
        return DirectEinsum.sumOfProducts().of(sample.binding(), sample.elements());
    }
}
