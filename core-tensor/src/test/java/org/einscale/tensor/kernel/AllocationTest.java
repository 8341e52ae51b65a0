package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A kernel that C2 has compiled allocates nothing: bytes on the heap mean that vectors are boxed. C2 compiles a kernel after
 * the calls that it has seen, so kernels are run with sizes of all kinds before they are asked to do well with each.
 */
class AllocationTest {
    private static final Kernels K = FastKernels.of(Precision.FLOAT);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 33;
    private static final int N = 150;
    private static final int SIZE = ROWS * N;
    private static final int[] WIDTHS = {2, 9, 20, 70, 91, N};
    private static final int CALLS = 20_000;
    private static final int RUNS = 20;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(1);

    private interface SizedKernel {
        void run(int rows, int n);
    }

    @TestFactory
    Stream<DynamicTest> warmKernelsAllocateNothing() {
        Floats floats = new Floats();
        return kernels(floats).entrySet().stream()
                .map(kernel -> DynamicTest.dynamicTest(kernel.getKey(), () -> assertWarm(kernel.getValue())))
                .onClose(floats::close);
    }

    private static void assertWarm(SizedKernel kernel) {
        Random random = new Random(1);
        for (int i = 0; i < CALLS; i++) {
            // Wide rows are rare at first.
            int widest = i < CALLS / 2 && i % 400 > 0 ? 2 : N;
            kernel.run(1 + random.nextInt(4), 1 + random.nextInt(widest));
        }
        for (int n : WIDTHS) {
            assertThat(leastBytes(() -> kernel.run(ROWS, n))).as("bytes allocated in %d runs on rows of %d", RUNS, n)
                    .isZero();
        }
    }

    /** Runs until a batch allocates nothing, as compilation happens on other threads at its own pace. */
    private static long leastBytes(Runnable kernel) {
        long bytes = Long.MAX_VALUE;
        long start = System.nanoTime();
        while (bytes > 0 && System.nanoTime() - start < LONGEST_WARM_UP.toNanos()) {
            bytes = Math.min(bytes, allocated(kernel));
        }
        return bytes;
    }

    private static long allocated(Runnable kernel) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
            kernel.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static Map<String, SizedKernel> kernels(Floats floats) {
        Map<String, SizedKernel> kernels = new LinkedHashMap<>();
        long x = floats.normal(SIZE, "x");
        long y = floats.normal(SIZE, "y");
        long to = floats.space(SIZE);
        for (Unary function : Unary.values()) {
            kernels.put(function.text(), (rows, n) -> K.unary(function).run(to, x, rows * n));
        }
        for (Binary function : Binary.values()) {
            kernels.put(function.name(), (rows, n) -> K.binary(function).run(to, x, y, rows * n));
        }
        rowKernels(kernels, floats, x, y, to);
        reductions(kernels, floats, x, y, to);
        kernels.put("fill", (rows, n) -> K.fill(to, 1, rows * n));
        kernels.put("copy", (rows, n) -> K.copy(to, 1, x, 1, rows * n));
        kernels.put("accumulate", (rows, n) -> K.accumulate(to, x, rows * n));
        kernels.put("transpose", (rows, n) -> K.transpose(to, rows, x, n, rows, n));
        kernels.put("bernoulli", (rows, n) -> K.bernoulli(to, rows * n, 0.9, 1, 0));
        kernels.put("gemm",
                (rows, n) -> Gemm.gemm(Precision.FLOAT, false, true, rows, rows, n, 1, x, n, y, n, 0, to, rows));
        return kernels;
    }

    private static void rowKernels(Map<String, SizedKernel> kernels, Floats floats, long x, long y, long to) {
        long scale = floats.normal(ROWS, "scale");
        long first = floats.indices(ROWS, 1);
        long lost = floats.space(SIZE);
        kernels.put("softmax", (rows, n) -> K.softmax(to, x, rows, n, 0));
        kernels.put("causal softmax", (rows, n) -> K.softmax(to, x, rows, n, rows));
        kernels.put("softmaxGradient", (rows, n) -> K.softmaxGradient(to, x, y, rows, n, 0));
        kernels.put("layerNorm", (rows, n) -> K.layerNorm(to, x, rows, n, 1e-5));
        kernels.put("layerNormGradient", (rows, n) -> K.layerNormGradient(to, x, y, rows, n, 1e-5, true));
        kernels.put("rmsNorm", (rows, n) -> K.rmsNorm(to, x, rows, n, 1e-5));
        kernels.put("rmsNormGradient", (rows, n) -> K.rmsNormGradient(to, x, y, rows, n, 1e-5, false));
        kernels.put("crossEntropy", (rows, n) -> K.crossEntropy(to, x, first, rows, n));
        kernels.put("crossEntropyGradient", (rows, n) -> K.crossEntropyGradient(to, x, first, scale, rows, n));
        kernels.put("productGradient", (rows, n) -> K.productGradient(to, x, y, rows, n));
        kernels.put("take", (rows, n) -> K.take(to, x, first, rows, n, rows));
        kernels.put("takeGradient", (rows, n) -> K.takeGradient(to, lost, first, x, rows, n, rows));
    }

    private static void reductions(Map<String, SizedKernel> kernels, Floats floats, long x, long y, long to) {
        for (Reduce kind : Reduce.values()) {
            ReductionKernel kernel = K.reduction(kind);
            kernels.put(kind + " rows", (rows, n) -> kernel.rows(to, x, n, rows, n, true));
            kernels.put(kind + " columns", (rows, n) -> kernel.columns(to, 2, x, n, rows, n, false));
            kernels.put(kind + " short columns", (rows, n) -> kernel.columns(to, 1, x, n, rows, 3, true));
        }
        long scale = floats.normal(2 * ROWS, "scale");
        kernels.put("multiplySumRows", (rows, n) -> K.multiplySumRows(to, x, n, y, n, rows, n, false));
        kernels.put("multiplySumColumns", (rows, n) -> K.multiplySumColumns(to, 2, x, n, y, n, rows, n, true));
        kernels.put("matrix times vector", (rows, n) -> K.multiplySumColumns(to, 1, x, n, y, 0, rows, n, true));
        kernels.put("scaleSumRows", (rows, n) -> K.scaleSumRows(to, scale, 2, y, n, rows, n, true));

    }
}
