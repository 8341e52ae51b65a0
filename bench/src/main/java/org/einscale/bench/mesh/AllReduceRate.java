package org.einscale.bench.mesh;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.bench.Median;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.device.LocalMesh;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
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
        try (DeviceMesh summing = mesh(true);
                DeviceMesh idle = mesh(false);
                TensorArena memory = TensorArena.allocate(4L * ELEMENTS * Float.BYTES)) {
            double[] ratios = new double[rounds + 1];
            for (int i = 0; i < ratios.length; i++) {
                double all = seconds(summing::run) - seconds(idle::run);
                ratios[i] = copies(memory) / all;
            }
            return Median.of(java.util.Arrays.copyOfRange(ratios, 1, ratios.length));
        }
    }

    /** A program whose devices each have all numbers of one row, with or without the sum over rows. */
    private static DeviceMesh mesh(boolean sums) {
        ProgramBuilder builder = new ProgramBuilder();
        Value rows = builder.state("rows", ProgramBuilder.axes("r n"));
        builder.output(sums ? builder.reduce(Reduction.SUM, rows, ProgramBuilder.axes("n")) : rows);
        Context context = Context.of(Sizes.of(Map.of("r", 2, "n", ELEMENTS)), Precision.FLOAT, Machine.measured());
        return new LocalMesh(Partition.of(builder.build(), context,
                new Splitting(Rules.of(Mesh.of("x=2"), "r=x"), true, Network.LOCAL), Set.of()), Precision.FLOAT,
                Machine.measured());
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
