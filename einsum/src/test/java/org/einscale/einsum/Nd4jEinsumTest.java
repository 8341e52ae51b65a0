package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.reference.Cases;
import org.einscale.tensor.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Einsums by ND4J's own operations, held against ours. */
@Tag("once")
class Nd4jEinsumTest {

    /** Equations of one to four operands, on views too; sizes 0 and 1 among theirs. */
    @Test
    void arraysOfRandomEquationsAreOurs() {
        Random random = new Random(11);
        RandomSamples samples = new RandomSamples(random, 4);
        for (int i = 0; i < 1000; i++) {
            Sample sample = samples.next();
            INDArray expected = sample.einsum().apply(sample.operands(Precision.DOUBLE));
            INDArray found = sample.einsum().nd4j().apply(sample.views(random, Precision.DOUBLE));
            same(sample, found, expected);
        }
    }

    private static void same(Sample sample, INDArray found, INDArray expected) {
        assertThat(found.shape()).as("%s", sample).isEqualTo(expected.shape());
        assertThat(TestArrays.close(TestArrays.elements(found), TestArrays.elements(expected), 1e-12)).as("%s", sample)
                .isTrue();
    }

    private static boolean empty(Sample sample) {
        return sample.binding().sizes().axes().stream().anyMatch(axis -> sample.binding().sizes().of(axis) == 0)
                || sample.shapes().stream().anyMatch(shape -> Arrays.stream(shape).anyMatch(size -> size == 0));
    }

    /** The graph's own gradient too. A graph has no arrays without elements. */
    @Test
    void graphsOfRandomEquationsAreOursWithTheirGradients() {
        Random random = new Random(12);
        RandomSamples samples = new RandomSamples(random, 3);
        int compared = 0;
        while (compared < 250) {
            Sample sample = samples.next();
            if (empty(sample)) {
                continue;
            }
            SameDiff graph = SameDiff.create();
            SDVariable[] variables = variables(graph, sample);
            SDVariable result = sample.einsum().apply(graph, variables);
            INDArray expected = sample.einsum().apply(sample.operands(Precision.DOUBLE));
            same(sample, result.eval(), expected);
            INDArray dy = expected.mul(0).add(1).mul(expected).add(0.5);
            SDVariable loss = result.mul(graph.constant(dy)).sum();
            graph.setLossVariables(loss.name());
            Map<String, INDArray> gradients = graph.calculateGradients(null,
                    Arrays.stream(variables).map(SDVariable::name).toArray(String[]::new));
            INDArray[] ours = sample.einsum().compile(Precision.DOUBLE, sample.shapeArray()).gradient().apply(dy,
                    sample.operands(Precision.DOUBLE));
            for (int i = 0; i < ours.length; i++) {
                same(sample, Objects.requireNonNull(gradients.get("x" + i)), ours[i]);
            }
            compared++;
        }
    }

    private static SDVariable[] variables(SameDiff graph, Sample sample) {
        INDArray[] operands = sample.operands(Precision.DOUBLE);
        return IntStream.range(0, operands.length).mapToObj(i -> graph.var("x" + i, operands[i]))
                .toArray(SDVariable[]::new);
    }

    @Test
    void valuesEqualThoseOfNumpy() throws IOException {
        int checked = 0;
        for (JsonNode node : Cases.of("einsum_values.json")) {
            Sample sample = new Sample(Cases.equation(node), Cases.broadcasting(node), Cases.parts(node),
                    Cases.shapes(node), Cases.operands(node));
            INDArray array = sample.einsum().nd4j().apply(sample.operands(Precision.DOUBLE));
            assertThat(Cases.agrees(node, array.shape(), TestArrays.elements(array))).as("%s", sample).isTrue();
            if (!empty(sample)) {
                SameDiff graph = SameDiff.create();
                INDArray found = sample.einsum().apply(graph, variables(graph, sample)).eval();
                assertThat(Cases.agrees(node, found.shape(), TestArrays.elements(found))).as("%s", sample).isTrue();
            }
            checked++;
        }
        assertThat(checked).isGreaterThan(80);
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void reductionsAreOurs(Reduction reduction) {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, 0.5, 0.1, 24).reshape(2, 3, 4);
        Einsum einsum = Einsum.reduce("b l d -> d b", reduction);
        SameDiff graph = SameDiff.create();

        assertThat(einsum.nd4j().apply(x).equalsWithEps(einsum.apply(x), 1e-12)).isTrue();
        assertThat(einsum.apply(graph, graph.var("x", x)).eval().equalsWithEps(einsum.apply(x), 1e-12)).isTrue();
    }

    @Test
    void repeatsAreOurs() {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, 1.0, 1.0, 6).reshape(2, 3);
        Einsum einsum = Einsum.repeat("l d -> d b l").with("b", 4);
        SameDiff graph = SameDiff.create();

        assertThat(einsum.nd4j().apply(x)).isEqualTo(einsum.apply(x));
        assertThat(einsum.apply(graph, graph.var("x", x)).eval()).isEqualTo(einsum.apply(x));
    }

    /** Sizes that only a run knows, one or several. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"b l d, d f -> b l f | -1 5 4; 4 3 | 2 5 4; 4 3",
        "b l d, d f -> b l f | -1 -1 4; 4 3 | 2 5 4; 4 3",
        "b l h k, b m h k -> b h l m | -1 -1 2 3; -1 -1 2 3 | 2 4 2 3; 2 5 2 3",
        "b h l m, b m h k -> b l h k | -1 2 -1 -1; -1 -1 2 3 | 2 2 4 5; 2 5 2 3",
        "b l (h k), (h k) d -> b l d | -1 -1 6; 6 4 | 2 3 6; 6 4",
        "... d, d f -> ... f | -1 -1 4; 4 3 | 2 5 4; 4 3", "b d -> d b | -1 -1 | 3 2", "b d -> b | -1 -1 | 3 2",
        "b d -> b | -1 -1 | 3 1", "b d -> d | -1 -1 | 1 3", "b d -> d | -1 3 | 1 3",
        "i, j -> i j | -1; -1 | 3; 2", "b i i -> b | -1 3 3 | 2 3 3", "b i i -> b | -1 -1 3 | 2 3 3",
        "(b l) d -> b l d | -1 4 | 6 4"})
    void openSizesOfPlaceholdersWork(String text, String open, String real) {
        Einsum einsum = text.startsWith("(b l)")
                ? Einsum.of(text).with("l", 3)
                : text.contains("(h k)") ? Einsum.of(text).with("h", 2) : Einsum.of(text);
        SameDiff graph = SameDiff.create();
        Map<String, INDArray> given = new HashMap<>();
        List<SDVariable> variables = new ArrayList<>();
        List<INDArray> arrays = new ArrayList<>();
        for (String shape : open.split(";")) {
            long[] sizes = sizes(real.split(";")[variables.size()]);
            INDArray array = Nd4j.linspace(DataType.DOUBLE, 1, 0.5, Arrays.stream(sizes).reduce(1, (x, y) -> x * y))
                    .reshape(sizes);
            variables.add(graph.placeHolder("x" + variables.size(), DataType.DOUBLE, sizes(shape)));
            arrays.add(array);
            given.put(variables.getLast().name(), array);
        }
        SDVariable result = einsum.apply(graph, variables.toArray(SDVariable[]::new));

        assertThat(Objects.requireNonNull(graph.output(given, result.name()).get(result.name()))
                .equalsWithEps(einsum.apply(arrays.toArray(INDArray[]::new)), 1e-10)).isTrue();
    }

    private static long[] sizes(String text) {
        return Arrays.stream(text.strip().split(" ")).mapToLong(Long::parseLong).toArray();
    }

    @Test
    void aSizeThatMustBeKnownIsNamed() {
        SameDiff graph = SameDiff.create();
        SDVariable square = graph.placeHolder("square", DataType.FLOAT, -1, -1);
        assertThatThrownBy(() -> Einsum.of("i i -> i").apply(graph, square))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "einsum \"i i -> i\": the diagonal along axis 'i' needs its size; expected a placeholder that tells"
                                + " it, or with(\"i\", n)");
        assertThatThrownBy(() -> Einsum.of("(h k) l -> h k l").apply(graph, square)).isInstanceOf(EquationError.class)
                .hasMessageStartingWith("einsum \"(h k) l -> h k l\": the size of '(h k)' is open, and those of h, k;"
                        + " all but one must be known: expected a placeholder that tells them, or with(\"h\", n)");
        assertThatThrownBy(() -> Einsum.of("i j -> j").over(Semiring.MAX_PLUS).apply(graph, square))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("found the semiring");
    }

    @Test
    void theResultIsNamedAfterTheString() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.ones(2, 3));
        assertThat(Einsum.of("a b -> b a").apply(graph, x).name()).isEqualTo("einsum a b -> b a");
        assertThat(Einsum.of("a b -> b a").apply(graph, x).name()).isEqualTo("einsum a b -> b a 1");
        assertThat(Einsum.of("a b -> a b").apply(graph, x).name()).isNotEqualTo("x");
    }

    /** What is written is what is done, and an operand in its own order is not copied. */
    @Test
    void explainsWhatIsDone() {
        assertThat(Einsum.of("b l d, d f -> b l f").nd4j().explain(new long[]{2, 5, 4}, new long[]{4, 3})).isEqualTo("""
                  10, 4  t1 = reshape(x0, 10, 4)
                  10, 3  t2 = mmul(t1, x1)
                2, 5, 3  t3 = reshape(t2, 2, 5, 3)
                """);
        assertThat(Einsum.of("b l h k, b m h k -> b h l m").nd4j().explain(new long[]{-1, -1, 2, 3},
                new long[]{-1, -1, 2, 3})).contains("permute(x0, 0, 2, 1, 3)", "permute(x1, 0, 2, 1, 3)", "^T)");
    }

    /** Regression by two strings: the loss falls, and a graph that was saved and loaded goes on with the same numbers. */
    @Test
    void aModelTrainsAndIsSavedAndLoaded(@TempDir Path folder) throws IOException {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 3);
        SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 2);
        SDVariable w = graph.var("w", Nd4j.linspace(DataType.DOUBLE, -0.3, 0.1, 12).reshape(3, 4));
        SDVariable v = graph.var("v", Nd4j.linspace(DataType.DOUBLE, 0.2, -0.05, 8).reshape(4, 2));
        SDVariable hidden = graph.math().tanh(Einsum.of("b i, i h -> b h").apply(graph, x, w));
        SDVariable off = Einsum.of("b h, h o -> b o").apply(graph, hidden, v).sub(y);
        SDVariable loss = off.mul(off).sum().rename("loss");
        graph.setLossVariables(loss.name());
        Map<String, INDArray> given = Map.of("x", Nd4j.linspace(DataType.DOUBLE, -1, 0.13, 15).reshape(5, 3), "y",
                Nd4j.linspace(DataType.DOUBLE, 0.5, -0.07, 10).reshape(5, 2));

        List<Double> losses = descend(graph, given, 60);
        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 4);

        File file = folder.resolve("graph.fb").toFile();
        graph.save(file, false);
        assertThat(descend(SameDiff.load(file, false), given, 5)).isEqualTo(descend(graph, given, 5));
    }

    private static List<Double> descend(SameDiff graph, Map<String, INDArray> given, int steps) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            losses.add(Objects.requireNonNull(graph.output(given, "loss").get("loss")).getDouble(0));
            graph.calculateGradients(given, "w", "v")
                    .forEach((name, gradient) -> graph.getVariable(name).getArr().subi(gradient.mul(0.05)));
        }
        return losses;
    }

    /** Copies into another order are those that are told. */
    @Test
    void permutesAsOftenAsItSays() {
        RandomSamples samples = new RandomSamples(new Random(13), 4);
        for (int i = 0; i < 200; i++) {
            Sample sample = samples.next();
            if (!empty(sample)) {
                SameDiff graph = SameDiff.create();
                sample.einsum().apply(graph, variables(graph, sample));
                assertThat(Arrays.stream(graph.ops()).filter(op -> op.opName().equals("permute")).count())
                        .as("%s", sample).isEqualTo(sample.einsum().nd4j().explain(sample.shapeArray()).lines()
                                .filter(line -> line.contains("= permute(")).count());
            }
        }
    }
}
