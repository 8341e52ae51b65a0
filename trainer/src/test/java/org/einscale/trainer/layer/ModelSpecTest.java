package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSpecTest {

    private static Model build(String text) {
        Config config = ConfigFactory.parseString(text);
        Config layers = config.hasPath("layers") ? config.getConfig("layers") : ConfigFactory.empty();
        return ModelSpec.of(config.getConfig("model"), layers).build(2, 3, 5, true, 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // model                                                              | axis | size
        "axes { d = 12, h = 3 }, layers = 1                                   | k | 4",
        "axes { d = 12, h = 3 }, layers = 1                                   | f | 48",
        "axes { d = 12, h = 3 }, layers = 1                                   | m | 3",
        "axes { d = 12, h = 3, k = 7, f = 9 }, layers = 1                     | k | 7",
        "axes { d = 12, h = 3, k = 7, f = 9 }, layers = 1                     | f | 9",
        "axes { d = 12, h = 3 }, layers = 1, block = [swiglu]                 | f | 32",
        "axes { d = 1 }, layers = 1, block = [swiglu]                         | f | 8",
        "axes { d = 12, h = 3 }, layers = 1, positions = rotary               | r | 2",
    })
    void openAxesGetTheirSizes(String model, String axis, int size) {
        assertThat(build("model { " + model + " }").sizes().of(new Axis(axis))).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // configuration                                             | first line of the message
        "model { layers = 1 }                                        | model.axes is missing; expected a section { ... }",
        "model { axes { d = 4, h = 2 } }                             | model.layers is missing; expected a whole number",
        "model { axes { d = x, h = 2 }, layers = 1 }                 | model.axes.d is \"x\"; expected a whole number",
        "model { axes { d = 4, h = 0 }, layers = 1 }                 | model.axes.h is 0; expected at least 1",
        "model { axes { d = 4, h = 2, b = 3 }, layers = 1 }          | model.axes.b comes from the data; expected other axes than b, l and v",
        "model { axes { d = 4, h = 2 }, layers = 1, blok = [] }      | model.blok is not a setting; expected one of axes, layers, block, norm, positions, tied, dropout; did you mean 'block'?",
        "model { axes { d = 4, h = 2 }, layers = 1, dropout = 1 }    | model.dropout is 1.0; expected at least 0 and below 1",
        "model { axes { d = 4, h = 2 }, layers = 1, tied = perhaps } | model.tied is \"perhaps\"; expected true or false",
        "model { axes { d = 4, h = 2 }, layers = 1, positions = rotari } | model.positions is 'rotari'; expected one of learned, rotary, none; did you mean 'rotary'?",
        "model { axes { d = 4 }, layers = 1 }                        | layer 'attention', size of 'k': axis 'h' has no size; give model.axes.h",
        "model { axes { d = 4, h = 3 }, layers = 1 }                 | layer 'attention', size of 'k': the size is 1.3333333333333333 with b=2 d=4 h=3 l=3 v=5; expected a whole number of at least 1, so give model.axes.k or change the sizes it depends on",
        "model { axes { d = 4, h = 2, k = 3 }, layers = 1, positions = rotary } | axis 'k' of size 3 cannot be laid out as [r r] in ",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = einsum('b l d, d ff -> b l d', x, w)\"], parameters { w = \"d ff\" } } } | axis 'ff' of parameter block.0.a.w [d ff] has no size; give model.axes.ff",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x * w\"], parameters { w = \"d\" } } } | parameter block.0.a.w is in no einsum, so it has no fan-in to start by; say { axes = \"d\", init = zeros } or ones or normal",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { step = [] } } | layers.a.step is not a setting; expected one of inputs, sizes, parameters, steps; did you mean 'steps'?",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { } } | layers.a.steps is missing; expected a list of texts",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x\"], parameters { w = 3 } } } | layers.a.parameters.w is 3; expected axes such as \"d f\" or { axes = \"d f\", init = zeros }",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x\"], parameters { w { axes = d, init = zero } } } } | layers.a.parameters.w.init is 'zero'; expected one of fan_in, normal, zeros, ones; did you mean 'zeros'?",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x\"], parameters { w { axes = d, init = ones, std = 2 } } } } | layers.a.parameters.w.std goes with init = normal, found init = ones",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { gelu { steps = [\"y = x\"] } } | a layer cannot be called 'gelu': that is a function",
    })
    void mistakesAreNamed(String config, String message) {
        assertThatThrownBy(() -> build(config)).isInstanceOf(IllegalArgumentException.class).message()
                .satisfies(m -> assertThat(m.lines().findFirst().orElseThrow()).startsWith(message.stripTrailing()));
    }

    @Test
    void misspeltLayersAreNamedWithTheNearest() {
        assertThatThrownBy(() -> build("model { axes { d = 4, h = 2 }, layers = 1, block = [atention] }"))
                .hasMessageStartingWith("model.block: there is no layer 'atention'")
                .hasMessageEndingWith("did you mean 'attention'?");
        assertThatThrownBy(() -> build("model { axes { d = 4, h = 2 }, layers = 1, norm = batch_norm }"))
                .hasMessageStartingWith("model.norm: there is no layer 'batch_norm'");
    }

    @Test
    void aLayerOfTheConfigReplacesTheOneThatShips() {
        Model model = build(
                "model { axes { d = 4, h = 2 }, layers = 1 }, layers { mlp { parameters { w = \"d d2\", back = \"d2 d\" }"
                        + ", sizes { d2 = \"2 * d\" }, steps = [\"wide = einsum('b l d, d d2 -> b l d2', x, w)\", \"y = einsum('b l d2, d2 d -> b l d', wide, back)\"] } }");
        assertThat(model.parameters()).extracting(p -> p.value().name()).contains("block.0.mlp.back")
                .doesNotContain("block.0.mlp.up");
    }
}
