package org.einscale.bench.peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.bench.GptShapes;
import org.einscale.bench.GptShapes.Parameter;
import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.bench.SingleThread;
import org.einscale.bench.StepRunner;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The model on ND4J's SameDiff, single-threaded. Layer norm and GELU are composed of simpler operations, because SameDiff's
 * own layerNorm adds nothing to the variance and its preciseGelu cubes 0.044715 x where the approximation cubes x. The
 * embedding is a product with one-hot rows, because the gradient of SameDiff's gather runs a loop over the tokens.
 */
public final class SameDiffGpt implements StepRunner {
    private static final String LOSS = "loss";
    private static final double GELU_CUBIC = 0.044715;

    private final ModelSize size;
    private final SameDiff graph = SameDiff.create();
    private final List<String> names = new ArrayList<>();
    private final SameDiffAdamW optimizer;

    /** Copies the weights of {@link GptShapes}. Limits ND4J and OpenBLAS to one thread in the whole process. */
    public SameDiffGpt(ModelSize size, Map<String, float[]> weights) {
        SingleThread.limit();
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        this.size = size;
        List<INDArray> values = new ArrayList<>();
        for (Parameter p : GptShapes.of(size)) {
            float[] data = Objects.requireNonNull(weights.get(p.name()), p.name());
            values.add(graph.var(p.name(), Nd4j.createFromArray(data).reshape(matrix(p))).getArr());
            names.add(p.name());
        }
        define();
        graph.setLossVariables(LOSS);
        this.optimizer = new SameDiffAdamW(values);
    }

    @Override
    public float step(int[] inputs, int[] targets) {
        Map<String, INDArray> batch = new HashMap<>();
        batch.put("inputs", Nd4j.createFromArray(inputs));
        batch.put("targets", Nd4j.createFromArray(targets));
        OutAndGrad result = graph.calculateGradientsAndOutputs(batch, List.of(LOSS), names);
        optimizer.update(names.stream().map(result.getGradients()::get).toList());
        return Objects.requireNonNull(result.getOutputs().get(LOSS)).getFloat(0);
    }

    @Override
    public void close() {
        optimizer.close();
    }

    /** "d h k" as [d, h k], "h k d" as [h k, d], all else as it is. */
    private static long[] matrix(Parameter p) {
        long[] shape = p.extents();
        return switch (p.axes()) {
            case "d h k" -> new long[]{shape[0], shape[1] * shape[2]};
            case "h k d" -> new long[]{shape[0] * shape[1], shape[2]};
            default -> shape;
        };
    }

    /** Activations are [B T, d] but inside attention, where they are [B, h, T, k]. */
    private void define() {
        SDVariable inputs = graph.placeHolder("inputs", DataType.INT, size.tokens());
        SDVariable targets = graph.placeHolder("targets", DataType.INT, size.tokens());
        SDVariable chosen = graph.oneHot(inputs, ModelSize.VOCABULARY, 1, 1.0, 0.0, DataType.FLOAT);
        SDVariable x = chosen.mmul(parameter("tokens")).reshape(size.batch(), size.context(), size.width())
                .add(parameter("positions"))
                .reshape(size.tokens(), size.width());
        SDVariable mask = graph.constant("mask", mask());
        for (int i = 0; i < size.layers(); i++) {
            String block = "block." + i + ".";
            x = x.add(attention(norm(x, block + "norm1"), block + "attention.", mask));
            x = x.add(mlp(norm(x, block + "norm2"), block + "mlp."));
        }
        SDVariable logits = norm(x, "final").mmul(parameter("head"));
        graph.loss.sparseSoftmaxCrossEntropy(logits, targets).mean(LOSS);
    }

    private SDVariable norm(SDVariable x, String name) {
        SDVariable centred = x.sub(x.mean(true, 1));
        SDVariable variance = graph.math.square(centred).mean(true, 1);
        SDVariable deviation = graph.math.sqrt(variance.add(Recipe.NORM_EPSILON));
        return centred.div(deviation).mul(parameter(name + ".gain")).add(parameter(name + ".bias"));
    }

    private SDVariable attention(SDVariable x, String name, SDVariable mask) {
        SDVariable q = heads(x.mmul(parameter(name + "q")).mul(1 / Math.sqrt(size.headWidth())));
        SDVariable k = heads(x.mmul(parameter(name + "k")));
        SDVariable v = heads(x.mmul(parameter(name + "v")));
        SDVariable scores = graph.mmul(q, k, false, true, false).add(mask);
        SDVariable mixed = graph.mmul(graph.nn.softmax(scores, -1), v);
        SDVariable joined = graph.permute(mixed, 0, 2, 1, 3).reshape(size.tokens(), size.width());
        return joined.mmul(parameter(name + "o"));
    }

    private SDVariable heads(SDVariable x) {
        SDVariable split = x.reshape(size.batch(), size.context(), size.heads(), size.headWidth());
        return graph.permute(split, 0, 2, 1, 3);
    }

    /** GELU as x sigmoid(2 u), which is x (1 + tanh u) / 2 in fewer operations. */
    private SDVariable mlp(SDVariable x, String name) {
        SDVariable up = x.mmul(parameter(name + "up"));
        SDVariable twice = up.mul(graph.math.square(up).mul(GELU_CUBIC).add(1.0)).mul(2 * Math.sqrt(2 / Math.PI));
        return up.mul(graph.nn.sigmoid(twice)).mmul(parameter(name + "down"));
    }

    private SDVariable parameter(String name) {
        return graph.getVariable(name);
    }

    /** [T, T]: 0 where a query may see a key, a large negative number elsewhere. */
    private INDArray mask() {
        float[][] mask = new float[size.context()][size.context()];
        for (int query = 0; query < mask.length; query++) {
            for (int key = query + 1; key < mask.length; key++) {
                mask[query][key] = -1e9f;
            }
        }
        return Nd4j.createFromArray(mask);
    }
}
