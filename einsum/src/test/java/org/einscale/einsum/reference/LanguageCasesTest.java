package org.einscale.einsum.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.Part;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The language, computed by definition, against shapes, values and refusals of NumPy, torch, einops and einx. */
class LanguageCasesTest {

    /** What the message must say to make the reason visible, by equation of a shared case. */
    private static final Map<String, String> REASONS = Map.ofEntries(Map.entry(",", "2 terms, but 1 operand"),
            Map.entry("...i", "operand 0 has shape (), 0 axes, but its term '...i' names at least 1"),
            Map.entry("i...", "operand 0 has shape (), 0 axes, but its term 'i...' names at least 1"),
            Map.entry("i..", "found '..'; expected '...', three dots"),
            Map.entry(".i...", "found '.'; expected '...', three dots"), Map.entry("i%...", "found '%'"),
            Map.entry("...j$", "found '$'"), Map.entry("i->ij", "output axis 'j' is in no operand's term"),
            Map.entry("ii", "axis 'i' is 3 in operand 0 of shape (2, 3), but 2 in operand 0"),
            Map.entry("ii->i", "axis 'i' is 3 in operand 0 of shape (2, 3), but 2 in operand 0"),
            Map.entry("ij->j", "1 term, but 2 operands were given"),
            Map.entry("ab,bc->ac 3", "2 terms, but 3 operands were given"),
            Map.entry("ab,bc->ac 2", "operand 1 has shape (3, 4, 5), 3 axes, but its term 'bc' names 2"),
            Map.entry("A,A->A", "operand 1 has shape (2, 2), 2 axes, but its term 'A' names 1"),
            Map.entry("bix,iox->box",
                    "axis 'i' is 12 in operand 1 of shape (12, 8192, 2), but 8192 in operand 0 of shape (12, 8192, 2)"),
            Map.entry("", "1 term, but 2 operands were given"),
            Map.entry("a->... .", "the term has its ellipsis '...' already"),
            Map.entry("a->aa", "the output names axis 'a' twice"),
            Map.entry("a->i", "output axis 'i' is in no operand's term"),
            Map.entry("...i,ij->...j", "operand 0 has shape (), 0 axes"),
            Map.entry("i j k", "named axes need an output; expected '->'"),
            Map.entry("i j -> k", "output axis 'k' is in no operand's term"),
            Map.entry("... a b c (d ...)", "found '...', but the term has its ellipsis '...' already"),
            Map.entry("(... a) b c (d ...)", "found '...', but the term has its ellipsis '...' already"),
            Map.entry("(a b c (d ...)", "found '(' within parentheses"),
            Map.entry("(a) ((b c) (d ...))", "found '(' within parentheses"),
            Map.entry("pre...", "expected '...' as an axis of its own"),
            Map.entry("a b -> a", "a dot takes at least two operands; found 1 term"),
            Map.entry("a b, a c -> b", "axis 'c' would be summed within operand 1 only"),
            Map.entry("a b c -> a b c", "a dot takes at least two operands; found 1 term"),
            Map.entry("a b c, a -> a b c", "2 terms, but 1 operand was given"),
            Map.entry("b t (h ck), b t (h cv) -> b h ck cv",
                    "'(h ck)' is 100 in operand 0 of shape (2, 4, 100), which h=32 does not divide; the nearest"
                            + " divisors are 25 and 50"),
            Map.entry("[a a], [a] ->", "axis 'a' is summed, but repeated within operand 0"),
            Map.entry("a b, a c -> a b c",
                    "axis 'a' is 4 in operand 1 of shape (4, 4), but 3 in operand 0 of shape (3, 4)"),
            Map.entry("a [b], [c] d -> a d", "axis 'b' would be summed within operand 0 only"));

    @Tag("once")
    @Test
    void valuesEqualThoseOfNumpy() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<JsonNode> cases = Cases.of("einsum_values.json");
        for (JsonNode node : cases) {
            Binding binding = bind(node);
            List<double[]> operands = Cases.operands(node);
            double[] values = DirectEinsum.sumOfProducts().of(binding, operands);
            if (!Cases.agrees(node, binding.result().shape(), values)) {
                wrong.add(node.get("eq").asText() + " " + node.get("shapes"));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).hasSizeGreaterThan(80);
    }

    @Test
    void interpretedValuesEqualThoseOfNumpy() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (JsonNode node : Cases.of("einsum_values.json")) {
            Binding binding = bind(node);
            // A program writes no diagonals.
            if (!binding.result().diagonal()
                    && !Cases.agrees(node, binding.result().shape(), interpreted(binding, Cases.operands(node)))) {
                wrong.add(node.get("eq").asText() + " " + node.get("shapes"));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Tag("once")
    @Test
    void shapesEqualThoseOfEinx() throws IOException {
        for (JsonNode node : Cases.of("einsum_composed.json")) {
            Binding binding = bind(node);
            long[] shape = Cases.numbers(node.get("out_shape"));
            assertThat(binding.result().shape()).as(node.get("eq").asText()).isEqualTo(shape);
            double[] values = DirectEinsum.sumOfProducts().of(binding, Cases.operands(node));
            assertThat((long) values.length).isEqualTo(Layout.volume(shape));
        }
    }

    @Test
    void whatOthersRefuseIsRefusedWithTheReason() throws IOException {
        for (JsonNode node : Cases.of("einsum_invalid.json")) {
            String text = node.get("eq").asText();
            EquationError error = catchThrowableOfType(EquationError.class, () -> bind(node));
            assertThat(error).as(text + " " + node.get("shapes")).isNotNull();
            String reason = Objects.requireNonNullElse(REASONS.get(text),
                    REASONS.getOrDefault(text + " " + node.get("shapes").size(), "no reason is noted"));
            assertThat(error.getMessage()).as(text)
                    .contains(node.has("message") ? node.get("message").asText() : reason);
        }
    }

    private static Binding bind(JsonNode node) {
        return Binding.of(Cases.equation(node), Cases.shapes(node), Cases.parts(node), Cases.broadcasting(node));
    }

    /** The same as one contraction in a program whose inputs have axes of their own. */
    private static double[] interpreted(Binding binding, List<double[]> elements) {
        ProgramBuilder builder = new ProgramBuilder();
        Sizes sizes = binding.sizes();
        List<Value> operands = new ArrayList<>();
        List<List<Axis>> terms = new ArrayList<>();
        Map<Value, INDArray> given = new HashMap<>();
        for (View view : binding.operands()) {
            List<Axis> term = view.axes().stream().flatMap(List::stream).map(Part::axis).flatMap(Optional::stream)
                    .toList();
            List<Axis> axes = new ArrayList<>();
            for (Axis axis : term) {
                axes.add(new Axis("operand" + operands.size() + "_" + axes.size()));
                sizes = sizes.with(axes.getLast(), binding.sizes().of(axis));
            }
            Value operand = builder.input("operand " + operands.size(), axes);
            given.put(operand,
                    Layout.of(elements.get(operands.size()), term.stream().mapToLong(binding.sizes()::of).toArray()));
            operands.add(operand);
            terms.add(term);
        }
        List<Axis> output = binding.result().distinct();
        Value result = builder.contract(operands, terms, output, output);
        Interpreter.Run run = Interpreter.run(builder.build(), sizes, given);
        return Layout.elements(Objects.requireNonNull(run.values().get(result)));
    }
}
