package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Equation;
import org.einscale.tensor.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Heap memory that a call takes once the JVM has compiled it. */
class AllocationTest {
    private static final int CALLS = 2_000;
    /** Less than a byte a call. */
    private static final long MOST = CALLS;
    private static final int ROUNDS = 2_000;

    /** Transposed operands are not contiguous. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ij,jk->ik       | 2 2, 2 2           | plain
            ij,jk->ik       | 5 7, 7 3           | transposed
            ij,jk,kl,li->i  | 3 4, 4 5, 5 2, 2 3 | plain
            bij,bjk->bik    | 2 3 4, 2 4 5       | transposed
            ii->            | 3 3                | plain
            """)
    void aCallAllocatesNothingButTheArrayOfItsResult(String equation, String shapes, String layout) {
        List<long[]> sizes = Stream.of(shapes.split(","))
                .map(shape -> Arrays.stream(shape.strip().split(" ")).mapToLong(Long::parseLong).toArray()).toList();
        Sample sample = Sample.of(Equation.of(equation), false, Map.of(), sizes, new Random(31));
        INDArray[] operands = Arrays.stream(sample.operands(Precision.FLOAT))
                .map(x -> layout.equals("plain") ? x : x.transpose().dup('c').transpose()).toArray(INDArray[]::new);
        Einsum einsum = sample.einsum();
        CompiledEinsum expression = einsum.compile(Precision.FLOAT, sample.shapeArray());
        INDArray out = expression.newResult();

        assertThat(leastBytes(() -> expression.into(out, operands), ROUNDS)).isLessThan(MOST);
        assertThat(leastBytes(() -> einsum.into(out, operands), ROUNDS)).as("from the string").isLessThan(MOST);
        assertThat(leastBytes(() -> expression.apply(operands), 1)).as("with a new result").isGreaterThan(MOST);
    }

    /** Bytes of so many calls in the best of some rounds: the JVM compiles when it likes. */
    private static long leastBytes(Runnable call, int rounds) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < rounds && least >= MOST; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
