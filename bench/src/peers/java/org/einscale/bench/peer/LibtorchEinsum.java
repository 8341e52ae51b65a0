package org.einscale.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.einscale.bench.einsum.EinsumEngine;
import org.einscale.bench.einsum.EinsumRunner;
import org.einscale.bench.einsum.EinsumTask;
import org.nd4j.linalg.api.ndarray.INDArray;

/** libtorch's einsum and its automatic differentiation, single-threaded, on copies of the operands in its own memory. */
public final class LibtorchEinsum implements EinsumEngine {
    /** Limits libtorch and OpenBLAS to one thread in the whole process. */
    public LibtorchEinsum() {
        torch.set_num_threads(1);
        openblas.blas_set_num_threads(1);
    }

    @Override
    public Optional<EinsumRunner> prepare(EinsumTask task) {
        return Optional.of(switch (task.what().kind()) {
            case GRADIENTS -> new WithGradients(task);
            case PRODUCT -> new Forward(task, true);
            case EINSUM, NEW_RESULT, STRING -> new Forward(task, false);
        });
    }

    private static Tensor copy(INDArray array, long[] shape) {
        if (array.isEmpty()) {
            return torch.zeros(shape);
        }
        return torch.from_blob(new FloatPointer(array.data().addressPointer()), shape).clone();
    }

    private static List<Tensor> operands(EinsumTask task) {
        List<Tensor> operands = new ArrayList<>();
        for (int i = 0; i < task.operands().size(); i++) {
            operands.add(copy(task.operands().get(i), task.what().shape(i)));
        }
        return operands;
    }

    private static float[] elements(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            tensor.data_ptr_float().get(values);
        }
        return values;
    }

    /** Without a record for gradients. Every object that a run makes is freed at once, which is faster than by a scope. */
    private static final class Forward implements EinsumRunner {
        private final PointerScope scope = new PointerScope();
        private final NoGradGuard unrecorded = new NoGradGuard();
        private final boolean product;
        private final BytePointer equation;
        private final TensorVector operands;
        private final Tensor first;
        private final Tensor last;
        private final LongArrayRefOptional path;

        Forward(EinsumTask task, boolean product) {
            this.product = product;
            this.equation = new BytePointer(task.what().equation());
            List<Tensor> all = operands(task);
            this.operands = new TensorVector(all.toArray(Tensor[]::new));
            this.first = all.getFirst();
            this.last = all.getLast();
            long[] pairs = task.what().path().stream().mapToLong(Long::longValue).toArray();
            this.path = pairs.length == 0
                    ? new LongArrayRefOptional()
                    : new LongArrayRefOptional(new LongArrayRef(new LongVector(pairs)));
            // Ends the scope and keeps what was made in it until close.
            scope.extend().close();
        }

        @Override
        public void run() {
            result().close();
        }

        @Override
        public List<float[]> results() {
            try (Tensor result = result()) {
                return List.of(elements(result));
            }
        }

        private Tensor result() {
            Tensor result = product ? torch.mm(first, last) : torch.einsum(equation, operands, path);
            if (result.is_contiguous()) {
                return result;
            }
            Tensor rowMajor = result.contiguous();
            result.close();
            return rowMajor;
        }

        @Override
        public void close() {
            unrecorded.close();
            scope.close();
        }
    }

    /** Forward and backward. */
    private static final class WithGradients implements EinsumRunner {
        private final PointerScope scope = new PointerScope();
        private final BytePointer equation;
        private final TensorVector operands;
        private final TensorVector cotangents;
        private final BoolOptional freed = new BoolOptional();

        WithGradients(EinsumTask task) {
            this.equation = new BytePointer(task.what().equation());
            List<Tensor> all = operands(task);
            all.forEach(operand -> operand.set_requires_grad(true));
            this.operands = new TensorVector(all.toArray(Tensor[]::new));
            this.cotangents = new TensorVector(copy(task.cotangent(), task.what().resultShape()));
            scope.extend().close();
        }

        @Override
        public void run() {
            try (PointerScope temporaries = new PointerScope()) {
                compute();
            }
        }

        @Override
        public List<float[]> results() {
            try (PointerScope temporaries = new PointerScope()) {
                return compute().stream().map(LibtorchEinsum::elements).toList();
            }
        }

        private List<Tensor> compute() {
            Tensor result = torch.einsum(equation, operands);
            TensorVector gradients = torch.grad(new TensorVector(result), operands, cotangents, freed, false, false);
            List<Tensor> all = new ArrayList<>();
            try (NoGradGuard unrecorded = new NoGradGuard()) {
                all.add(result.contiguous());
                for (long i = 0; i < gradients.size(); i++) {
                    all.add(gradients.get(i).contiguous());
                }
            }
            return all;
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
