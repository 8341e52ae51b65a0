package org.einscale.bench.peer;

import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.einscale.bench.GptShapes.Parameter;

/**
 * Parameters and gradients as views of two flat tensors, so that norm, clip and update are one call each. Products read
 * matrices as they are stored, [in, out]. Queries, keys and values share one matrix [d, 3 d] and so one product.
 */
final class LibtorchParameters {
    /** Floats in a cache line: every view starts on one. */
    private static final long LINE = 16;

    private final Tensor values;
    private final Tensor gradients;
    private final List<Tensor> views = new ArrayList<>();

    LibtorchParameters(List<Parameter> parameters, Map<String, float[]> weights) {
        List<Tensor> initial = initial(parameters, weights);
        long length = initial.stream().mapToLong(t -> padded(t.numel())).sum();
        values = zeros(length);
        gradients = zeros(length);
        long start = 0;
        for (Tensor from : initial) {
            Tensor view = values.narrow(0, start, from.numel()).view(from.shape());
            view.copy_(from);
            view.set_requires_grad(true);
            view.mutable_grad().put(gradients.narrow(0, start, from.numel()).view(from.shape()));
            views.add(view);
            start += padded(from.numel());
        }
    }

    /** All parameters, one after the other with zeros between. */
    Tensor values() {
        return values;
    }

    /** All gradients, in the places of their parameters; backward adds to them. */
    Tensor gradients() {
        return gradients;
    }

    /** The parameters in the order in which a forward pass meets them; leaves of the graph. */
    List<Tensor> views() {
        return views;
    }

    private static long padded(long length) {
        return (length + LINE - 1) / LINE * LINE;
    }

    /** The weights as matrices, with q, k and v side by side. */
    private static List<Tensor> initial(List<Parameter> parameters, Map<String, float[]> weights) {
        List<Tensor> all = new ArrayList<>();
        for (Parameter p : parameters) {
            Tensor matrix = matrix(p, weights);
            if (p.name().endsWith(".attention.k") || p.name().endsWith(".attention.v")) {
                Tensor left = all.removeLast();
                all.add(torch.hstack(new TensorVector(left, matrix)));
            } else {
                all.add(matrix);
            }
        }
        return all;
    }

    /** A parameter as a vector, or as a matrix: "d h k" as [d, h k], "h k d" as [h k, d]. */
    private static Tensor matrix(Parameter p, Map<String, float[]> weights) {
        float[] data = Objects.requireNonNull(weights.get(p.name()), p.name());
        long[] shape = p.extents();
        try (FloatPointer pointer = new FloatPointer(data)) {
            Tensor flat = torch.from_blob(pointer, data.length).clone();
            return switch (p.axes()) {
                case "d h k" -> flat.view(shape[0], -1);
                case "h k d" -> flat.view(-1, shape[2]);
                default -> flat.view(shape);
            };
        }
    }
}
