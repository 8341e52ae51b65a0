package org.einscale.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.einscale.einsum.Einsum;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long does attention take in ND4J's own graph, written as strings and by hand? */
@SuppressWarnings("NullAway.Init") // JMH sets the parameter and calls build before it measures.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(2)
public class SameDiffAttentionBenchmark {
    private static final int B = 8;
    private static final int L = 128;
    private static final int H = 4;
    private static final int K = 32;
    private static final int D = H * K;
    private static final List<String> WEIGHTS = List.of("q", "k", "v", "o");

    /** Who wrote the graph. */
    public enum Author {
        STRINGS, BY_HAND
    }

    @Param
    public Author author;

    private SameDiff graph;
    private Map<String, INDArray> given;

    /** Writes the graph. */
    @Setup
    public void build() {
        graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, B, L, D);
        SDVariable[] w = WEIGHTS.stream().map(this::weight).toArray(SDVariable[]::new);
        SDVariable y = (author == Author.STRINGS ? strings(x, w) : byHand(x, w)).rename("y");
        graph.setLossVariables(y.mul(y).sum().rename("loss").name());
        given = Map.of("x", Nd4j.rand(DataType.FLOAT, B, L, D));
    }

    private SDVariable weight(String name) {
        INDArray start = Nd4j.rand(DataType.FLOAT, D, D).subi(0.5).muli(0.2);
        return graph.var(name, name.equals("o") ? start.reshape(H, K, D) : start.reshape(D, H, K));
    }

    private SDVariable strings(SDVariable x, SDVariable[] w) {
        SDVariable queries = Einsum.of("b l d, d h k -> b h l k").apply(graph, x, w[0]);
        SDVariable keys = Einsum.of("b m d, d h k -> b h m k").apply(graph, x, w[1]);
        SDVariable values = Einsum.of("b m d, d h k -> b h m k").apply(graph, x, w[2]);
        SDVariable scores = Einsum.of("b h l k, b h m k -> b h l m").with("b", B).with("h", H).with("l", L).with("m", L)
                .with("k", K).apply(graph, queries, keys);
        SDVariable weights = graph.nn().softmax(scores.mul(1 / Math.sqrt(K)), 3);
        return Einsum.of("b h l m, b h m k, h k d -> b l d").with("b", B).with("l", L).with("m", L).with("h", H)
                .with("k", K).apply(graph, weights, values, w[3]);
    }

    private SDVariable byHand(SDVariable x, SDVariable[] w) {
        SDVariable rows = x.reshape(B * L, D);
        SDVariable queries = heads(rows, w[0]);
        SDVariable keys = heads(rows, w[1]);
        SDVariable values = heads(rows, w[2]);
        SDVariable scores = graph.mmul(queries, keys, false, true, false);
        SDVariable weights = graph.nn().softmax(scores.mul(1 / Math.sqrt(K)), 3);
        SDVariable mixed = graph.permute(graph.mmul(weights, values), 0, 2, 1, 3).reshape(B * L, D);
        return mixed.mmul(w[3].reshape(D, D)).reshape(B, L, D);
    }

    private SDVariable heads(SDVariable rows, SDVariable w) {
        return graph.permute(rows.mmul(w.reshape(D, D)).reshape(B, L, H, K), 0, 2, 1, 3);
    }

    /** The output alone. */
    @Benchmark
    public Object forward() {
        return graph.output(given, "y");
    }

    /** The gradients of all weights. */
    @Benchmark
    public Object gradients() {
        return graph.calculateGradients(given, WEIGHTS);
    }
}
