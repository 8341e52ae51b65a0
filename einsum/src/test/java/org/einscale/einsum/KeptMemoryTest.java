package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Off-heap memory that stays between calls. */
@Isolated("counts the memory that all have allocated")
class KeptMemoryTest {
    private static final long MIB = 1 << 20;
    private static final Einsum LOG_SUM_EXP = Einsum.reduce("i j -> j", Reduction.LOG_SUM_EXP);
    private static final long[] SHAPE = {512, 1024};
    private static final INDArray ZEROS = Nd4j.zeros(DataType.FLOAT, 512 * 3072);

    /** The logarithm of the sum of 512 ones, over a view with row stride 1024 + i. */
    private static double logSumOfView(Einsum einsum, int i) {
        INDArray view = Nd4j.create(ZEROS.data(), SHAPE, new long[]{1024 + i, 1}, 0, 'c');
        return einsum.apply(view).getDouble(i % 1024);
    }

    @Tag("once")
    @Test
    void viewsOfOneShapeShareTheMemoryOfIntermediateResults() {
        assertThat(LOG_SUM_EXP.compile(Precision.FLOAT, SHAPE).explain().bytesBetween()).isGreaterThan(2 * MIB);
        long before = TensorArena.allocatedBytes();
        for (int i = 0; i < 2_000; i++) {
            assertThat(logSumOfView(LOG_SUM_EXP, i)).isCloseTo(Math.log(512), within(1e-5));
            assertThat(TensorArena.allocatedBytes() - before).isLessThan(8 * MIB);
        }
    }

    @Test
    void soDoSequenceLengths() {
        long most = 0;
        long before = TensorArena.allocatedBytes();
        for (int length = 961; length <= 1024; length++) {
            long[] shape = {length, length};
            LOG_SUM_EXP.apply(Nd4j.zeros(DataType.FLOAT, shape));
            most = Math.max(most, LOG_SUM_EXP.compile(Precision.FLOAT, shape).explain().bytesBetween());
            assertThat(TensorArena.allocatedBytes() - before).isLessThan(most + MIB);
        }
    }

    @Test
    void soDoThreadsOneAfterTheOther() throws Exception {
        long before = TensorArena.allocatedBytes();
        for (int i = 0; i < 20; i++) {
            int view = i;
            Thread thread = Thread.ofPlatform().start(() -> logSumOfView(LOG_SUM_EXP, view));
            thread.join();
        }
        assertThat(TensorArena.allocatedBytes() - before).isLessThan(8 * MIB);
    }

    @Test
    void threadsAtTheSameTimeKeepApart() throws Exception {
        Callable<Boolean> work = () -> {
            Random random = new Random(3);
            for (int i = 0; i < 200; i++) {
                if (Math.abs(logSumOfView(LOG_SUM_EXP, random.nextInt(8)) - Math.log(512)) > 1e-5) {
                    return false;
                }
            }
            return true;
        };
        long before = TensorArena.allocatedBytes();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> right : threads.invokeAll(List.of(work, work, work, work))) {
                assertThat(right.get()).isTrue();
            }
        }
        assertThat(TensorArena.allocatedBytes() - before).isLessThan(32 * MIB);
    }

    /** The product of the constants takes 2 MiB, for each layout of the operand that varies. */
    @Tag("once")
    @Test
    void constantsOfManyLayoutsAreForgotten() {
        Sizes sizes = Sizes.of(Map.of("i", 2, "j", 724, "l", 724));
        INDArray matrix = Nd4j.ones(DataType.FLOAT, 724, 724);
        CompiledEinsum bound = Einsum.of("ij,jl,jl->il").compile(sizes).bind(1, matrix).bind(2, matrix);
        INDArray all = Nd4j.ones(DataType.FLOAT, 2 * 4096);
        long before = TensorArena.allocatedBytes();
        int views = (int) (Runtime.getRuntime().maxMemory() / (2 * MIB));
        for (int i = 0; i < Math.min(views, 3_000); i++) {
            INDArray view = Nd4j.create(all.data(), new long[]{2, 724}, new long[]{724 + i, 1}, 0, 'c');
            assertThat(bound.apply(view).getDouble(1, 723)).isEqualTo(724);
        }
        long kept = TensorArena.allocatedBytes() - before;
        for (int tries = 0; kept > views * MIB && tries < 1_000; tries++) {
            System.gc();
            kept = TensorArena.allocatedBytes() - before;
        }
        assertThat(kept).isLessThanOrEqualTo(views * MIB);
    }

    @Tag("once")
    @Test
    void whatEarlierRunsLeftBehindIsNotRead() {
        Random random = new Random(4);
        RandomSamples samples = new RandomSamples(random, 5);
        for (int i = 0; i < 1000; i++) {
            Sample sample = samples.next();
            CompiledEinsum einsum = sample.einsum().compile(Precision.DOUBLE, sample.shapeArray());
            INDArray[] operands = sample.operands(Precision.DOUBLE);
            double[] wanted = TestArrays.elements(einsum.apply(operands));
            INDArray[] poison = Arrays.stream(operands)
                    .map(x -> x.isEmpty() ? x : x.dup().assign(Double.NaN)).toArray(INDArray[]::new);
            einsum.apply(poison);
            assertThat(TestArrays.elements(einsum.apply(operands))).as(sample.toString()).isEqualTo(wanted);
            INDArray cotangent = einsum.newResult();
            if (!cotangent.isEmpty()) {
                cotangent.assign(1);
            }
            EinsumGradient gradient = einsum.gradient();
            List<double[]> right = Arrays.stream(gradient.apply(cotangent, operands)).map(TestArrays::elements)
                    .toList();
            gradient.apply(cotangent, poison);
            INDArray[] again = gradient.apply(cotangent, operands);
            for (int j = 0; j < again.length; j++) {
                assertThat(TestArrays.elements(again[j])).as(sample.toString()).isEqualTo(right.get(j));
            }
        }
    }
}
