package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.bench.SingleThread;
import org.einscale.einsum.CompiledEinsum;
import org.einscale.einsum.Einsum;
import org.einscale.einsum.EinsumGradient;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Contractions by this project. */
final class EinscaleEinsum implements EinsumEngine {
    EinscaleEinsum() {
        SingleThread.limit();
    }

    @Override
    public Optional<EinsumRunner> prepare(EinsumTask task) {
        EinsumCase what = task.what();
        String equation = what.equation();
        INDArray[] operands = task.operands().toArray(INDArray[]::new);
        long[][] shapes = IntStream.range(0, operands.length).mapToObj(what::shape).toArray(long[][]::new);
        CompiledEinsum compiled = Einsum.letters(equation).on(Machine.measured()).compile(Precision.FLOAT, shapes);
        return Optional.of(switch (what.kind()) {
            case EINSUM, PRODUCT -> {
                INDArray result = compiled.newResult();
                yield new InPlace(List.of(result), () -> compiled.into(result, operands));
            }
            case STRING -> {
                INDArray result = compiled.newResult();
                yield new InPlace(List.of(result), () -> Einsum.letters(equation).into(result, operands));
            }
            case NEW_RESULT -> new Fresh(() -> compiled.apply(operands));
            case GRADIENTS -> withGradients(compiled, task.cotangent(), operands);
        });
    }

    private static EinsumRunner withGradients(CompiledEinsum compiled, INDArray cotangent, INDArray... operands) {
        INDArray result = compiled.newResult();
        EinsumGradient gradient = compiled.gradient();
        INDArray[] gradients = Stream.of(operands).map(o -> Nd4j.create(DataType.FLOAT, o.shape()))
                .toArray(INDArray[]::new);
        List<INDArray> results = new ArrayList<>(List.of(result));
        results.addAll(List.of(gradients));
        return new InPlace(results, () -> {
            compiled.into(result, operands);
            gradient.into(gradients, cotangent, operands);
        });
    }

    /**
     * Into arrays that exist.
     *
     * @param outputs where a run leaves what it computed
     */
    private record InPlace(List<INDArray> outputs, Runnable computation) implements EinsumRunner {
        @Override
        public void run() {
            computation.run();
        }

        @Override
        public List<float[]> results() {
            computation.run();
            return outputs.stream().map(EinsumTask::elements).toList();
        }

        @Override
        public void close() {
            outputs.forEach(EinsumTask::free);
        }
    }

    /** Into a new array every time. */
    private record Fresh(Supplier<INDArray> computation) implements EinsumRunner {
        @Override
        public void run() {
            EinsumTask.free(computation.get());
        }

        @Override
        public List<float[]> results() {
            INDArray result = computation.get();
            List<float[]> elements = List.of(EinsumTask.elements(result));
            EinsumTask.free(result);
            return elements;
        }

        @Override
        public void close() {
            // Every run frees its own.
        }
    }
}
