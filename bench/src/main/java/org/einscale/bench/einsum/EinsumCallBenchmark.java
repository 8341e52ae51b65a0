package org.einscale.bench.einsum;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What does a call cost? The product of two 2 by 2 matrices, of which next to nothing is arithmetic. */
@SuppressWarnings("NullAway.Init") // JMH sets the parameter and calls open before it measures.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EinsumCallBenchmark {
    /** Who is called, and how. */
    public enum Call {
        /** Compiled once, into a given array. */
        EINSCALE_INTO(Participant.EINSCALE, CallKind.EINSUM),
        /** Compiled once, into a new array. */
        EINSCALE_NEW_RESULT(Participant.EINSCALE, CallKind.NEW_RESULT),
        /** By the string, into a given array. */
        EINSCALE_STRING(Participant.EINSCALE, CallKind.STRING),
        /** libtorch's einsum. */
        LIBTORCH_EINSUM(Participant.LIBTORCH, CallKind.EINSUM),
        /** libtorch's product of matrices. */
        LIBTORCH_MM(Participant.LIBTORCH, CallKind.PRODUCT),
        /** ND4J's product of matrices. */
        ND4J_MMUL(Participant.ND4J, CallKind.PRODUCT);

        private final Participant participant;
        private final CallKind kind;

        Call(Participant participant, CallKind kind) {
            this.participant = participant;
            this.kind = kind;
        }
    }

    /** Whatever is measured. */
    @Param
    public Call call;

    private EinsumTask task;
    private EinsumEngine engine;
    private EinsumRunner runner;

    /** Prepares the call. */
    @Setup(Level.Trial)
    public void open() {
        List<Long> shape = List.of(2L, 2L);
        task = EinsumTask.of(
                new EinsumCase(Group.CALLS, "2x2", call.kind, "ij,jk->ik", List.of(shape, shape), List.of()), 1);
        engine = call.participant.start();
        runner = engine.prepare(task)
                .orElseThrow(() -> new IllegalStateException(call.participant + " knows no " + call.kind));
    }

    /** The call. */
    @Benchmark
    public void run() {
        runner.run();
    }

    /** Frees what was made. */
    @TearDown(Level.Trial)
    public void close() {
        runner.close();
        engine.close();
        task.close();
    }
}
