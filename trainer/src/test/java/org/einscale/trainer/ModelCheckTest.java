package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.einscale.trainer.layer.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCheckTest {
    private static List<String> warnings(String block, String layers, String more) {
        Config model = ConfigFactory
                .parseString("axes { d = 8, h = 2 }, layers = 2, block = [" + block + "]\n" + more);
        return ModelCheck.warnings(ModelSpec.of(model, ConfigFactory.parseString(layers)), 8, 11, true);
    }

    private static String layer(String... steps) {
        return "a { steps = [" + String.join(", ", List.of(steps).stream().map(s -> '"' + s + '"').toList()) + "] }";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "positions = rotary", "positions = none, norm = rms_norm",
        "tied = false, dropout = 0.5"})
    void shippedLayersAreWarnedOfInNoWay(String more) {
        assertThat(warnings("attention, mlp, swiglu", "", more)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // step
        "y = x + mean(x, 'l')",
        "y = x * 0 + max(x, 'l')",
        "y = einsum('b l m, b m d -> b l d', softmax(einsum('b l d, b m d -> b l m', x, x), 'm'), x)",
        "y = einsum('b l m, b m d -> b l d', causal_softmax(einsum('b l d, b m d -> b l m', x, x), 'l', 'm'), x)",
        "y = einsum('b m d, m l -> b l d', x, greater_equal(iota('m') - 1, iota('l')))",
        "y = merge(einsum('b c s d, s t -> b c t d', split(x, 'l = c s'), 1 + 0 * iota('s') * iota('t')), 'c t = l')",
    })
    void layersThatLookAheadAreNamed(String step) {
        String sized = layer(step).replace("a {", "a { sizes { s = \"4\", t = \"4\", m = \"8\" },");
        assertThat(warnings("attention, a, mlp", sized, "")).singleElement().asString()
                .startsWith("layer 'a' (block.0.a) looks ahead");
        assertThat(warnings("attention, b", sized + ", b { steps = [\"y = gelu(a(x))\"] }", "")).singleElement()
                .asString().startsWith("layer 'a' (block.0.b.a) looks ahead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"y = cos(iota('l')) * x", "y = x * size('l')",
        "y = einsum('b l m, b m d -> b l d', causal_softmax(einsum('b l d, b m d -> b l m', x, x), 'm', 'l'), x)",
        "y = einsum('b m d, l m -> b l d', x, greater_equal(iota('l'), iota('m')))"})
    void layersThatDoNotAreLeftAlone(String step) {
        assertThat(warnings("a", layer(step).replace("a {", "a { sizes { m = \"8\" },"), "")).isEmpty();
    }

    @Test
    void stepsOfTheBlockAndMixedSequencesAreFound() {
        assertThat(warnings("\"x = x + mean(x, 'l')\"", "", "")).singleElement().asString()
                .startsWith("a step of model.block looks ahead");
        assertThat(warnings("a", layer("y = x - mean(x, 'b')"), "")).singleElement().asString()
                .startsWith("layer 'a' (block.0.a) mixes sequences");
        assertThat(warnings("a", layer("y = x - mean(x, 'b l')"), "")).hasSize(2);
    }

    @Test
    void axesSummedByAccidentAreShownOnce() {
        String layers = """
                a {
                  parameters { w { axes = "d e", init = ones } }
                  steps = ["y = einsum('b l d, e f -> b l f', x, w)"]
                  sizes { e = "4" }
                }
                """;
        String step = "    y = einsum('b l d, e f -> b l f', x, w)\n    ";
        String problem = "' is summed, as this operand alone has it and the output has not; if that is meant, sum the"
                + " operand first, as in sum(a, '";
        assertThat(warnings("\"x = x + sum(a(x), 'f')\"", layers, "")).containsExactly(
                "layer 'a': axis 'd" + problem + "d'), else name it like its partner; dot('...') refuses it\n" + step
                        + " ".repeat(16) + "^",
                "layer 'a': axis 'e" + problem + "e'), else name it like its partner; dot('...') refuses it\n" + step
                        + " ".repeat(19) + "^");
        assertThat(warnings("a", layer("y = x + einsum('b l d -> b l', x)"), "")).isEmpty();
    }
}
