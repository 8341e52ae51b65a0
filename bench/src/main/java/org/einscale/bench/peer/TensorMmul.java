package org.einscale.bench.peer;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.einscale.bench.SingleThread;
import org.einscale.bench.einsum.CallKind;
import org.einscale.bench.einsum.EinsumEngine;
import org.einscale.bench.einsum.EinsumRunner;
import org.einscale.bench.einsum.EinsumTask;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J has no einsum. A contraction of two operands is its tensorMmul, or with axes that both operands and the result have, its
 * matmul of stacks of matrices; the result is permuted and copied where its axes are in another order.
 */
public final class TensorMmul implements EinsumEngine {
    /** Limits ND4J to one thread in the whole process. */
    public TensorMmul() {
        SingleThread.limit();
        Nd4j.getMemoryManager().togglePeriodicGc(false);
    }

    @Override
    public Optional<EinsumRunner> prepare(EinsumTask task) {
        INDArray a = task.operands().getFirst();
        INDArray b = task.operands().getLast();
        if (task.what().kind() == CallKind.PRODUCT) {
            return Optional.of(new Runner(() -> a.mmul(b)));
        }
        if (task.what().kind() != CallKind.EINSUM) {
            return Optional.empty();
        }
        return TensorProduct.of(task.what().equation()).map(product -> new Runner(() -> product.of(a, b)));
    }

    /** Results and whatever is made on the way lie in a workspace, which is reused: ND4J frees nothing else in time. */
    private record Runner(Supplier<INDArray> product) implements EinsumRunner {
        private static final String WORKSPACE = "einsum";
        private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
                .policyLearning(LearningPolicy.FIRST_LOOP).policySpill(SpillPolicy.EXTERNAL).build();

        @Override
        public void run() {
            try (MemoryWorkspace workspace = workspace()) {
                var unused = product.get();
            }
        }

        @Override
        public List<float[]> results() {
            try (MemoryWorkspace workspace = workspace()) {
                return List.of(Nd4j.toFlattened('c', product.get()).toFloatVector());
            }
        }

        private static MemoryWorkspace workspace() {
            return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, WORKSPACE);
        }

        @Override
        public void close() {
            Nd4j.getWorkspaceManager().destroyWorkspace(
                    Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(CONFIGURATION, WORKSPACE));
        }
    }
}
