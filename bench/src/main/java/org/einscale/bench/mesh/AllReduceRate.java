package org.einscale.bench.mesh;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.einscale.bench.Median;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.device.LocalMesh;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;

/** How fast two devices sum up 16 MiB that each of them has, beside a copy of 16 MiB on each of two threads. */
final class AllReduceRate {
    private static final int ELEMENTS = 1 << 22;
    private static final int REPEATED = 10;

    private AllReduceRate() {
    }

    /** Median over rounds of the time of a copy over that of an all-reduce. */
    static double ofCopy(int rounds) {
        try (DeviceMesh summing = local(true);
                DeviceMesh idle = local(false);
                TensorArena memory = TensorArena.allocate(4L * ELEMENTS * Float.BYTES)) {
            double[] ratios = new double[rounds + 1];
            for (int i = 0; i < ratios.length; i++) {
                double all = seconds(summing::run) - seconds(idle::run);
                ratios[i] = copies(memory) / all;
            }
            return Median.of(java.util.Arrays.copyOfRange(ratios, 1, ratios.length));
        }
    }

    private static DeviceMesh local(boolean sums) {
        return new LocalMesh(RowSum.split(ELEMENTS, sums), Precision.FLOAT, Machine.measured());
    }

    private static double seconds(Runnable run) {
        long start = System.nanoTime();
        for (int i = 0; i < REPEATED; i++) {
            run.run();
        }
        return (System.nanoTime() - start) * 1e-9 / REPEATED;
    }

    private static double copies(TensorArena memory) {
        long bytes = (long) ELEMENTS * Float.BYTES;
        return seconds(() -> {
            List<Thread> threads = List.of(copy(memory.address(), bytes), copy(memory.address() + 2 * bytes, bytes));
            threads.forEach(thread -> {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        });
    }

    private static Thread copy(long from, long bytes) {
        return Thread.ofPlatform().start(() -> MemorySegment.copy(Raw.MEMORY, from, Raw.MEMORY, from + bytes, bytes));
    }
}
