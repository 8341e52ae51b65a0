package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A kernel that C2 has compiled allocates nothing: bytes on the heap mean that vectors are boxed. */
class AllocationTest {
    private static final Kernels K = Kernels.of(Precision.FLOAT);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 33;
    private static final int N = 91;
    private static final int SIZE = ROWS * N;
    private static final int RUNS = 20;
    private static final int LONGEST_WARM_UP = 3000;

    @TestFactory
    Stream<DynamicTest> warmKernelsAllocateNothing() {
        Floats floats = new Floats();
        return kernels(floats).entrySet().stream()
                .map(kernel -> DynamicTest.dynamicTest(kernel.getKey(), () -> assertWarm(kernel.getValue())))
                .onClose(floats::close);
    }

    /** Runs until a batch allocates nothing, as compilation happens on other threads at its own pace. */
    private static void assertWarm(Runnable kernel) {
        long bytes = Long.MAX_VALUE;
        for (int batch = 0; batch < LONGEST_WARM_UP && bytes > 0; batch++) {
            bytes = allocated(kernel);
        }
        assertThat(bytes).as("bytes allocated in %d runs after warming up", RUNS).isZero();
    }

    private static long allocated(Runnable kernel) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
            kernel.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static Map<String, Runnable> kernels(Floats floats) {
        Map<String, Runnable> kernels = new LinkedHashMap<>();
        long x = floats.normal(SIZE, "x");
        long y = floats.normal(SIZE, "y");
        long to = floats.space(SIZE);
        for (Unary function : Unary.values()) {
            kernels.put(function.text(), () -> K.unary(function).run(to, x, SIZE));
        }
        for (Binary function : Binary.values()) {
            kernels.put(function.name(), () -> K.binary(function).run(to, x, y, SIZE));
        }
        rowKernels(kernels, floats, x, y, to);
        reductions(kernels, floats, x, y, to);
        kernels.put("fill", () -> K.fill(to, 1, SIZE));
        kernels.put("copy", () -> K.copy(to, 1, x, 1, SIZE));
        kernels.put("accumulate", () -> K.accumulate(to, x, SIZE));
        kernels.put("transpose", () -> K.transpose(to, ROWS, x, N, ROWS, N));
        kernels.put("bernoulli", () -> K.bernoulli(to, SIZE, 0.9, 1, 0));
        kernels.put("gemm", () -> Gemm.gemm(Precision.FLOAT, false, true, ROWS, ROWS, N, 1, x, N, y, N, 0, to, ROWS));
        return kernels;
    }

    private static void rowKernels(Map<String, Runnable> kernels, Floats floats, long x, long y, long to) {
        long scale = floats.normal(ROWS, "scale");
        long targets = floats.indices(ROWS, N);
        long rows = floats.indices(ROWS, ROWS);
        kernels.put("softmax", () -> K.softmax(to, x, ROWS, N, 0));
        kernels.put("causal softmax", () -> K.softmax(to, x, ROWS, N, ROWS));
        kernels.put("softmaxGradient", () -> K.softmaxGradient(to, x, y, ROWS, N, 0));
        kernels.put("layerNorm", () -> K.layerNorm(to, x, ROWS, N, 1e-5));
        kernels.put("layerNormGradient", () -> K.layerNormGradient(to, x, y, ROWS, N, 1e-5, true));
        kernels.put("rmsNorm", () -> K.rmsNorm(to, x, ROWS, N, 1e-5));
        kernels.put("rmsNormGradient", () -> K.rmsNormGradient(to, x, y, ROWS, N, 1e-5, false));
        kernels.put("crossEntropy", () -> K.crossEntropy(to, x, targets, ROWS, N));
        kernels.put("crossEntropyGradient", () -> K.crossEntropyGradient(to, x, targets, scale, ROWS, N));
        kernels.put("take", () -> K.take(to, x, rows, ROWS, N, ROWS));
        kernels.put("takeGradient", () -> K.takeGradient(to, rows, x, ROWS, N, ROWS));
    }

    private static void reductions(Map<String, Runnable> kernels, Floats floats, long x, long y, long to) {
        for (Reduce kind : Reduce.values()) {
            ReductionKernel kernel = K.reduction(kind);
            kernels.put(kind + " rows", () -> kernel.rows(to, x, N, ROWS, N, true));
            kernels.put(kind + " columns", () -> kernel.columns(to, 2, x, N, ROWS, N, false));
            kernels.put(kind + " short columns", () -> kernel.columns(to, 1, x, N, ROWS, 3, true));
        }
        long scale = floats.normal(2 * ROWS, "scale");
        kernels.put("multiplySumRows", () -> K.multiplySumRows(to, x, N, y, N, ROWS, N, false));
        kernels.put("multiplySumColumns", () -> K.multiplySumColumns(to, 2, x, N, y, N, ROWS, N, true));
        kernels.put("matrix times vector", () -> K.multiplySumColumns(to, 1, x, N, y, 0, ROWS, N, true));
        kernels.put("scaleSumRows", () -> K.scaleSumRows(to, scale, 2, y, N, ROWS, N, true));
    }
}
