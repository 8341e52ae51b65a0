package org.einscale.bench;

import static org.einscale.bench.ModelSize.VOCABULARY;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.einscale.tensor.random.Philox;

/**
 * The parameters of the benchmarked GPT, the one list that every implementation reads its weights by.
 *
 * <p>The model (Radford et al. 2019, without biases in the products and with an untied head): learned token and position
 * embeddings; blocks of x += attention(norm1(x)), x += down(gelu(up(norm2(x)))); a final norm; logits = x head. Norms are
 * layer norms with gain and bias, GELU is the tanh approximation, attention is causal and scaled by 1 / sqrt(k).
 */
public final class GptShapes {
    private static final double SCALE = 0.02;

    private GptShapes() {
    }

    /**
     * A parameter.
     *
     * @param name as in "block.0.attention.q"
     * @param axes the axes by name, as in "d h k"
     * @param shape extents of the axes, row-major
     */
    public record Parameter(String name, String axes, List<Integer> shape) {
        /** Number of elements. */
        public int count() {
            return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        }

        /** The shape as an array. */
        public long[] extents() {
            return shape.stream().mapToLong(Integer::longValue).toArray();
        }
    }

    /** Every parameter of a model, in the order in which a forward pass meets them. */
    public static List<Parameter> of(ModelSize size) {
        List<Parameter> all = new ArrayList<>();
        all.add(parameter(size, "tokens", "v d"));
        all.add(parameter(size, "positions", "t d"));
        for (int i = 0; i < size.layers(); i++) {
            String block = "block." + i + ".";
            all.add(parameter(size, block + "norm1.gain", "d"));
            all.add(parameter(size, block + "norm1.bias", "d"));
            all.add(parameter(size, block + "attention.q", "d h k"));
            all.add(parameter(size, block + "attention.k", "d h k"));
            all.add(parameter(size, block + "attention.v", "d h k"));
            all.add(parameter(size, block + "attention.o", "h k d"));
            all.add(parameter(size, block + "norm2.gain", "d"));
            all.add(parameter(size, block + "norm2.bias", "d"));
            all.add(parameter(size, block + "mlp.up", "d f"));
            all.add(parameter(size, block + "mlp.down", "f d"));
        }
        all.add(parameter(size, "final.gain", "d"));
        all.add(parameter(size, "final.bias", "d"));
        all.add(parameter(size, "head", "d v"));
        return List.copyOf(all);
    }

    /**
     * Initial values: gains 1, biases 0, all else normal with deviation 0.02, divided by sqrt(2 L) where a product ends in
     * the residual stream. A pure function of size and seed.
     */
    public static Map<String, float[]> initialWeights(ModelSize size, long seed) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (Parameter p : of(size)) {
            weights.put(p.name(), initial(p, size, seed));
        }
        return weights;
    }

    private static Parameter parameter(ModelSize size, String name, String axes) {
        List<Integer> shape = Stream.of(axes.split(" ")).map(axis -> extent(size, axis)).toList();
        return new Parameter(name, axes, shape);
    }

    private static int extent(ModelSize size, String axis) {
        return switch (axis) {
            case "v" -> VOCABULARY;
            case "t" -> size.context();
            case "d" -> size.width();
            case "h" -> size.heads();
            case "k" -> size.headWidth();
            case "f" -> size.hidden();
            default -> throw new IllegalArgumentException("axis \"" + axis + "\": expected one of v t d h k f");
        };
    }

    private static float[] initial(Parameter p, ModelSize size, long seed) {
        float[] values = new float[p.count()];
        if (p.name().endsWith(".gain")) {
            Arrays.fill(values, 1);
        } else if (!p.name().endsWith(".bias")) {
            boolean residual = p.name().endsWith(".o") || p.name().endsWith(".down");
            double deviation = residual ? SCALE / Math.sqrt(2.0 * size.layers()) : SCALE;
            Philox random = Philox.of(seed, p.name());
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.normal(i));
            }
        }
        return values;
    }
}
