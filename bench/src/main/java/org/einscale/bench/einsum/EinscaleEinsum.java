package org.einscale.bench.einsum;

import java.util.List;
import java.util.Optional;
import org.einscale.bench.SingleThread;
import org.einscale.einsum.Einsum;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Contractions by this project. */
final class EinscaleEinsum implements EinsumEngine {
    EinscaleEinsum() {
        SingleThread.limit();
    }

    @Override
    public Optional<EinsumRunner> prepare(EinsumTask task) {
        return task.what().form() == Form.GRADIENTS ? Optional.empty() : Optional.of(new FromString(task));
    }

    /** The string every time, into a new array. */
    private record FromString(EinsumTask task) implements EinsumRunner {
        @Override
        public void run() {
            INDArray result = result();
            if (result.closeable()) {
                result.close();
            }
        }

        @Override
        public List<float[]> results() {
            return List.of(EinsumTask.elements(result()));
        }

        private INDArray result() {
            return Einsum.letters(task.what().equation()).apply(task.operands().toArray(INDArray[]::new));
        }

        @Override
        public void close() {
            // Every run frees its own.
        }
    }
}
