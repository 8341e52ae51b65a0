package org.einscale.einsum.reference;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.random.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays for the inputs and states of a program: normal numbers, but whole ones within bounds where they serve as indices or steps. */
public final class Filling {
    private static final int STEP = 3;

    private Filling() {
    }

    /** One array for every input and state, the same for the same seed. */
    public static Map<Value, INDArray> of(Program program, Sizes given, long seed) {
        Sizes sizes = SizeInference.infer(program, given);
        Map<Value, Integer> bounds = bounds(program, sizes);
        Map<Value, INDArray> arrays = new HashMap<>();
        for (Value value : program.values()) {
            if (program.inputs().contains(value) || program.states().contains(value)) {
                Philox stream = Philox.of(seed, value.toString());
                long[] shape = value.axes().stream().mapToLong(sizes::of).toArray();
                Integer bound = bounds.get(value);
                arrays.put(value, Layout.of(IntStream.range(0, Math.toIntExact(Layout.volume(shape)))
                        .mapToDouble(i -> bound == null ? stream.normal(i) : Math.floor(stream.uniform(i) * bound))
                        .toArray(), shape));
            }
        }
        return arrays;
    }

    /** Whether there is an index for every place that needs one: none points into an axis without elements. */
    public static boolean possible(Program program, Sizes given) {
        Sizes sizes = SizeInference.infer(program, given);
        return bounds(program, sizes).entrySet().stream()
                .allMatch(e -> e.getValue() > 0 || sizes.volume(e.getKey().axes()) == 0);
    }

    /** The values that serve as indices, targets or steps. */
    public static Set<Value> wholeNumbers(Program program, Sizes given) {
        return bounds(program, SizeInference.infer(program, given)).keySet();
    }

    private static Map<Value, Integer> bounds(Program program, Sizes sizes) {
        Map<Value, Integer> bounds = new HashMap<>();
        for (Statement statement : program.statements()) {
            switch (statement.operation()) {
                case Operation.Take take -> bound(bounds, take.indices(), sizes, take.axis());
                case Operation.TakeGradient take -> bound(bounds, take.indices(), sizes, take.axis());
                case Operation.CrossEntropy loss -> bound(bounds, loss.targets(), sizes, loss.axis());
                case Operation.CrossEntropyGradient loss -> bound(bounds, loss.targets(), sizes, loss.axis());
                case Operation.Bernoulli bernoulli -> bounds.put(bernoulli.step(), STEP);
                default -> {
                }
            }
        }
        return bounds;
    }

    private static void bound(Map<Value, Integer> bounds, Value indices, Sizes sizes, Axis axis) {
        bounds.merge(indices, sizes.of(axis), Math::min);
    }

    /** Sizes from a text like {@code a=2 b=3}. */
    public static Sizes sizes(String text) {
        Map<String, Integer> sizes = new HashMap<>();
        for (String size : text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
            sizes.put(size.substring(0, size.indexOf('=')), Integer.parseInt(size.substring(size.indexOf('=') + 1)));
        }
        return Sizes.of(sizes);
    }
}
