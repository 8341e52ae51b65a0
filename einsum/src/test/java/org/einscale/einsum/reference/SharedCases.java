package org.einscale.einsum.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.einscale.einsum.equation.Dialect;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Rule;
import org.junit.jupiter.api.Assumptions;

/** Conformance cases in a folder {@code shared/cases} beside or above the project, if there is one. */
public final class SharedCases {
    private SharedCases() {
    }

    /** The cases of a file; the test that asks is skipped if there is no such file. */
    public static List<JsonNode> of(String name) throws IOException {
        Optional<Path> file = file(name);
        Assumptions.assumeTrue(file.isPresent(), "the shared cases are not here");
        List<JsonNode> cases = new ArrayList<>();
        new ObjectMapper().readTree(file.orElseThrow().toFile()).get("cases").forEach(cases::add);
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
        java.util.Arrays.setAll(numbers, i -> node.get(i).asLong());
        return numbers;
    }

    /** The content of operand k by the files' rule. */
    public static double[] filled(int operand, long[] shape) {
        return LongStream.range(0, Layout.volume(shape)).mapToDouble(i -> (7 * i + 3L * operand) % 11 - 5).toArray();
    }
}
