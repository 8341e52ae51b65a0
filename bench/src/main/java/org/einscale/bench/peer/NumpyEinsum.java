package org.einscale.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.einscale.bench.einsum.CallKind;
import org.einscale.bench.einsum.EinsumEngine;
import org.einscale.bench.einsum.EinsumRunner;
import org.einscale.bench.einsum.EinsumTask;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code numpy.einsum(..., optimize=True)} in a Python process, which does the timing itself. NumPy knows no gradients and no
 * compiled form.
 */
public final class NumpyEinsum implements EinsumEngine {
    private final PythonProcess python;

    private NumpyEinsum(PythonProcess python) {
        this.python = python;
    }

    /**
     * Starts python3 as found on the PATH.
     *
     * @throws IllegalStateException if there is none, or none with NumPy
     */
    public static NumpyEinsum start() {
        return new NumpyEinsum(PythonProcess.start("numpy_einsum.py"));
    }

    @Override
    public Optional<EinsumRunner> prepare(EinsumTask task) {
        CallKind kind = task.what().kind();
        if (kind == CallKind.GRADIENTS || kind == CallKind.NEW_RESULT) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of("prepare", kind.name(), task.what().equation()));
        List<Path> files = new ArrayList<>();
        try {
            for (int i = 0; i < task.operands().size(); i++) {
                files.add(python.folder().resolve("operand" + i));
                write(files.get(i), task.operands().get(i));
                command.add(files.get(i).toString());
                command.add(LongStream.of(task.what().shape(i)).mapToObj(String::valueOf)
                        .collect(Collectors.joining("x")));
            }
            python.ask(command);
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(new Runner(python));
    }

    @Override
    public void close() {
        python.close();
    }

    private static void write(Path file, INDArray array) throws IOException {
        float[] values = array.isEmpty() ? new float[0] : array.data().asFloat();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }

    private record Runner(PythonProcess python) implements EinsumRunner {
        @Override
        public void run() {
            time(0);
        }

        @Override
        public double time(double seconds) {
            return Double.parseDouble(python.ask(List.of("time", Double.toString(seconds))));
        }

        @Override
        public List<float[]> results() {
            Path file = python.folder().resolve("result");
            python.ask(List.of("result", file.toString()));
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
                Files.delete(file);
                float[] values = new float[bytes.remaining() / Float.BYTES];
                bytes.asFloatBuffer().get(values);
                return List.of(values);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            // The next task takes this one's place.
        }
    }
}
