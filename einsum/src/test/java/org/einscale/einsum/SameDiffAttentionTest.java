package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Attention with several heads in a graph: five strings, and the same by hand. */
@Tag("once")
class SameDiffAttentionTest {
    private static final int H = 2;
    private static final int K = 3;
    private static final int D = 6;
    private static final List<String> WEIGHTS = List.of("q", "k", "v", "o");

    private interface Block {
        SDVariable of(SameDiff graph, SDVariable x, SDVariable q, SDVariable k, SDVariable v, SDVariable o);
    }

    private static SDVariable strings(SameDiff graph, SDVariable x, SDVariable q, SDVariable k, SDVariable v,
            SDVariable o) {
        SDVariable queries = Einsum.of("b l d, d h k -> b h l k").apply(graph, x, q);
        SDVariable keys = Einsum.of("b m d, d h k -> b h m k").apply(graph, x, k);
        SDVariable values = Einsum.of("b m d, d h k -> b h m k").apply(graph, x, v);
        SDVariable scores = Einsum.of("b h l k, b h m k -> b h l m").apply(graph, queries, keys);
        SDVariable weights = graph.nn().softmax(scores.mul(1 / Math.sqrt(K)), 3);
        return Einsum.of("b h l m, b h m k, h k d -> b l d").with("h", H).with("k", K).apply(graph, weights, values, o);
    }

    private static SDVariable byHand(SameDiff graph, SDVariable x, SDVariable q, SDVariable k, SDVariable v,
            SDVariable o) {
        SDVariable rows = x.reshape(-1, D);
        SDVariable b = graph.sizeAt(x, 0);
        SDVariable l = graph.sizeAt(x, 1);
        SDVariable split = graph.stack(0, b, l, graph.constant(Nd4j.scalar((long) H)),
                graph.constant(Nd4j.scalar((long) K)));
        SDVariable queries = graph.permute(graph.reshape(rows.mmul(q.reshape(D, H * K)), split), 0, 2, 1, 3);
        SDVariable keys = graph.permute(graph.reshape(rows.mmul(k.reshape(D, H * K)), split), 0, 2, 1, 3);
        SDVariable values = graph.permute(graph.reshape(rows.mmul(v.reshape(D, H * K)), split), 0, 2, 1, 3);
        SDVariable scores = graph.mmul(queries, keys, false, true, false);
        SDVariable weights = graph.nn().softmax(scores.mul(1 / Math.sqrt(K)), 3);
        SDVariable mixed = graph.permute(graph.mmul(weights, values), 0, 2, 1, 3).reshape(-1, H * K);
        return graph.reshape(mixed.mmul(o.reshape(H * K, D)),
                graph.stack(0, b, l, graph.constant(Nd4j.scalar((long) D))));
    }

    /** Output and gradients, for a batch and a length that the graph learns when it runs. */
    @Test
    void bothAreTheSame() {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -1.0, 0.05, 2 * 4 * D).reshape(2, 4, D);
        Map<String, INDArray> strings = run(SameDiffAttentionTest::strings, x);
        Map<String, INDArray> byHand = run(SameDiffAttentionTest::byHand, x);

        assertThat(strings.keySet()).isEqualTo(byHand.keySet()).contains("y", "q");
        strings.forEach((name, array) -> assertThat(array.equalsWithEps(byHand.get(name), 1e-10)).as(name).isTrue());
    }

    private static Map<String, INDArray> run(Block block, INDArray x) {
        SameDiff graph = SameDiff.create();
        SDVariable input = graph.placeHolder("x", DataType.DOUBLE, -1, -1, D);
        SDVariable y = block.of(graph, input, weight(graph, "q", D, H, K), weight(graph, "k", D, H, K),
                weight(graph, "v", D, H, K), weight(graph, "o", H, K, D)).rename("y");
        SDVariable loss = y.mul(y).sum();
        graph.setLossVariables(loss.name());
        Map<String, INDArray> found = new HashMap<>(graph.calculateGradients(Map.of("x", x), WEIGHTS));
        found.putAll(graph.output(Map.of("x", x), "y"));
        return found;
    }

    private static SDVariable weight(SameDiff graph, String name, long... shape) {
        return graph.var(name, Nd4j.linspace(DataType.DOUBLE, 0.3, -0.02 * (1 + WEIGHTS.indexOf(name)), D * H * K)
                .reshape(shape));
    }
}
