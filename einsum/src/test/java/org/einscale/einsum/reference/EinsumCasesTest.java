package org.einscale.einsum.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.einscale.einsum.Einsum;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The interpreter and compiled einsums against values that NumPy computed. */
class EinsumCasesTest {

    @Test
    void valuesEqualThoseOfNumpy() throws IOException {
        Optional<Path> file = cases("einsum_values.json");
        Assumptions.assumeTrue(file.isPresent(), "the shared cases are not here");
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (JsonNode node : new ObjectMapper().readTree(file.orElseThrow().toFile()).get("cases")) {
            String text = node.get("eq").asText();
            boolean letters = !node.get("dialect").asText().equals("einops");
            List<long[]> shapes = new ArrayList<>();
            node.get("shapes").forEach(shape -> shapes.add(shape(shape)));
            if (text.contains("...") || text.contains("(") || letters && broadcasts(Equation.letters(text), shapes)) {
                continue;
            }
            checked++;
            List<INDArray> operands = IntStream.range(0, shapes.size()).mapToObj(k -> filled(k, shapes.get(k)))
                    .toList();
            Einsum einsum = letters ? Einsum.letters(text) : Einsum.words(text);
            if (!agrees(node, interpreted(einsum.equation(), operands))) {
                wrong.add("interpreted: " + text);
            }
            if (!agrees(node, einsum.apply(operands.toArray(INDArray[]::new)))) {
                wrong.add("compiled: " + text);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(100);
    }

    private static boolean broadcasts(Equation equation, List<long[]> shapes) {
        Map<Axis, Long> sizes = new TreeMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = 0; j < shapes.get(i).length; j++) {
                Long size = sizes.putIfAbsent(equation.inputs().get(i).get(j), shapes.get(i)[j]);
                if (size != null && size != shapes.get(i)[j]) {
                    return true;
                }
            }
        }
        return false;
    }

    private static INDArray filled(int operand, long[] shape) {
        return Layout.of(LongStream.range(0, Layout.volume(shape)).mapToDouble(i -> (7 * i + 3L * operand) % 11 - 5)
                .toArray(), shape);
    }

    private static INDArray interpreted(Equation equation, List<INDArray> operands) {
        ProgramBuilder builder = new ProgramBuilder();
        Sizes sizes = Sizes.of(Map.of());
        Map<Value, INDArray> given = new HashMap<>();
        List<Value> inputs = new ArrayList<>();
        for (INDArray operand : operands) {
            String name = "operand" + inputs.size();
            Value input = builder.input(name,
                    IntStream.range(0, operand.rank()).mapToObj(j -> name + "_" + j).collect(Collectors.joining(" ")));
            for (int j = 0; j < operand.rank(); j++) {
                sizes = sizes.with(input.axes().get(j), Math.toIntExact(operand.size(j)));
            }
            given.put(input, operand);
            inputs.add(input);
        }
        Value result = builder.einsum(equation, inputs);
        return Objects.requireNonNull(Interpreter.run(builder.build(), sizes, given).values().get(result));
    }

    private static boolean agrees(JsonNode node, INDArray result) {
        double[] values = Layout.elements(result);
        double sum = 0;
        double weighted = 0;
        for (int j = 0; j < values.length; j++) {
            sum += values[j];
            weighted += values[j] * (j % 7 + 1);
        }
        boolean same = java.util.Arrays.equals(result.shape(), shape(node.get("out_shape")));
        if (node.has("values")) {
            double[] wanted = new double[node.get("values").size()];
            java.util.Arrays.setAll(wanted, j -> node.get("values").get(j).asDouble());
            same &= wanted.length == values.length
                    && IntStream.range(0, wanted.length).allMatch(j -> wanted[j] == values[j]);
        }
        return same && sum == node.get("sum").asDouble() && weighted == node.get("wsum").asDouble();
    }

    private static long[] shape(JsonNode node) {
        long[] shape = new long[node.size()];
        java.util.Arrays.setAll(shape, i -> node.get(i).asLong());
        return shape;
    }

    private static Optional<Path> cases(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("shared/cases").resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
