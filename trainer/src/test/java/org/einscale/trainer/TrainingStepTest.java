package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the memory that all have allocated")
class TrainingStepTest {
    private static final int MOST_WARMUP = 40_000;
    private static final int STEPS = 20;
    private static final long BYTES_PER_STEP = 1024;

    private static TrainingStep step(TrainingSpec spec) {
        return TrainingStep.of(PreparedTraining.of(Tiny.model(), spec, Tiny.text()));
    }

    /** How long warming up takes depends on when the Java compiler gets its turn, so it may take as long as it likes. */
    @Test
    void allocatesNextToNothingOnceWarm() {
        try (TrainingStep training = step(Tiny.spec(MOST_WARMUP))) {
            long offHeap = TensorArena.allocatedBytes();
            long bytes = Long.MAX_VALUE;
            for (int first = 0; first < MOST_WARMUP && bytes > BYTES_PER_STEP; first += STEPS) {
                bytes = heapBytesPerStep(training, first);
            }

            assertThat(bytes).isLessThanOrEqualTo(BYTES_PER_STEP);
            assertThat(TensorArena.allocatedBytes()).isEqualTo(offHeap);
        }
    }

    private static long heapBytesPerStep(TrainingStep training, int first) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < STEPS; i++) {
            training.run(first + i);
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / STEPS;
    }

    @Test
    void givesItsMemoryBack() {
        long before = TensorArena.allocatedBytes();
        step(Tiny.spec(1)).close();

        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }

    /** A parameter of a layer called q is named as the first moment of a parameter q beside it. */
    @Test
    void givesItsMemoryBackWhenTwoStatesHaveOneName() {
        ModelDefinition definition = Tiny.model("", """
                attention {
                  parameters { q { axes = "d", init = ones } }
                  steps = ["y = q(x) * q"]
                }
                q {
                  parameters { m { axes = "d", init = ones } }
                  steps = ["y = x * m"]
                }
                """);
        PreparedTraining prepared = PreparedTraining.of(definition, Tiny.spec(1), Tiny.text());
        long before = TensorArena.allocatedBytes();

        assertThatThrownBy(() -> TrainingStep.of(prepared))
                .hasMessage("two states of the model are called 'block.0.attention.q.m'; name one differently");
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }
}
