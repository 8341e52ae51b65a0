package org.einscale.einsum.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.einscale.einsum.equation.Dialect;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Rule;

/** Conformance cases: the project's own, and those in a folder {@code shared/cases} beside or above the project, if there is one. */
public final class Cases {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Cases() {
    }

    /** The cases of a file of either place. */
    public static List<JsonNode> of(String name) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        JSON.readTree(Objects.requireNonNull(Cases.class.getResource("/cases/" + name))).get("cases")
                .forEach(cases::add);
        Optional<Path> shared = file(name);
        if (shared.isPresent()) {
            JSON.readTree(shared.get().toFile()).get("cases").forEach(cases::add);
        }
        return cases;
    }

    private static Optional<Path> file(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("shared/cases").resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** The equation of a case, in the dialect and under the rule of the library that it comes from. */
    public static Equation equation(JsonNode node) {
        String text = node.get("eq").asText();
        return switch (node.get("dialect").asText()) {
            case "einops" -> Equation.words(text);
            case "einops-term" -> Equation.words(text + " -> ");
            case "einx" -> Equation.dot(text);
            default -> Equation.parse(text, Dialect.LETTERS, Rule.CONTRACT);
        };
    }

    /** Whether named axes of size 1 stretch, as in NumPy. */
    public static boolean broadcasting(JsonNode node) {
        return !node.get("dialect").asText().startsWith("ein");
    }

    public static List<long[]> shapes(JsonNode node) {
        List<long[]> shapes = new ArrayList<>();
        node.get("shapes").forEach(shape -> shapes.add(numbers(shape)));
        return shapes;
    }

    public static long[] numbers(JsonNode node) {
        long[] numbers = new long[node.size()];
        Arrays.setAll(numbers, i -> node.get(i).asLong());
        return numbers;
    }

    /** Sizes by name that the shapes do not tell. */
    public static Map<String, Integer> parts(JsonNode node) {
        Map<String, Integer> parts = new TreeMap<>();
        node.path("axis_sizes").properties().forEach(size -> parts.put(size.getKey(), size.getValue().asInt()));
        return parts;
    }

    /** The operands' elements by the case's rule, or that of the shared files. */
    public static List<double[]> operands(JsonNode node) {
        long[] rule = node.has("fill") ? numbers(node.get("fill")) : new long[]{7, 3, 11, 5};
        List<long[]> shapes = shapes(node);
        return IntStream.range(0, shapes.size()).mapToObj(k -> LongStream.range(0, Layout.volume(shapes.get(k)))
                .mapToDouble(i -> (rule[0] * i + rule[1] * k) % rule[2] - rule[3]).toArray()).toList();
    }

    /** Whether a result has the shape and the elements of the case, or their sums. */
    public static boolean agrees(JsonNode node, long[] shape, double[] elements) {
        double sum = 0;
        double weighted = 0;
        for (int j = 0; j < elements.length; j++) {
            sum += elements[j];
            weighted += elements[j] * (j % 7 + 1);
        }
        return Arrays.equals(shape, numbers(node.get("out_shape")))
                && (!node.has("values") || equal(elements, node.get("values")))
                && sum == node.get("sum").asDouble() && weighted == node.get("wsum").asDouble();
    }

    private static boolean equal(double[] elements, JsonNode values) {
        return values.size() == elements.length
                && IntStream.range(0, elements.length).allMatch(i -> elements[i] == values.get(i).asDouble());
    }
}
