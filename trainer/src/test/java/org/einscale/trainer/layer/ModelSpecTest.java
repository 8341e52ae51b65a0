package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.tensor.Axis;
import org.jspecify.annotations.Nullable;
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
        "model { layers = 1 }                                        | model.axes: missing; expected a section { ... }",
        "model { axes { d = 4, h = 2 } }                             | model.layers: missing; expected a whole number of at least 0",
        "model { axes { d = x, h = 2 }, layers = 1 }                 | model.axes.d: expected a whole number of at least 1, found \"x\"",
        "model { axes { d = 4, h = 0 }, layers = 1 }                 | model.axes.h: expected a whole number of at least 1, found 0",
        "model { axes { d = 4, h = 2, b = 3 }, layers = 1 }          | model.axes.b: comes from the data; expected other axes than b, l and v",
        "model { axes { d = 4, h = 2 }, layers = 1, blok = [] }      | model.blok: no such setting; did you mean model.block?",
        "model { axes { d = 4, h = 2 }, layers = 1, dropout = 1 }    | model.dropout: expected a number in [0, 1), found 1",
        "model { axes { d = 4, h = 2 }, layers = 1, tied = perhaps } | model.tied: expected true or false, found \"perhaps\"",
        "model { axes { d = 4, h = 2 }, layers = 1, positions = rotari } | model.positions: expected learned, rotary or none, found \"rotari\"; did you mean rotary?",
        "model { axes { d = 4 }, layers = 1 }                        | layer 'attention', size of 'k': axis 'h' has no size; give model.axes.h",
        "model { axes { d = 4, h = 3 }, layers = 1 }                 | layer 'attention', size of 'k': the size is 1.3333333333333333 with d=4 h=3; expected a whole number of at least 1, so give model.axes.k or change the sizes it depends on",
        "model { axes { d = 4, h = 2, k = 3 }, layers = 1, positions = rotary } | layer 'rotary': axis 'k' of size 3 cannot be laid out as [r + r]",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = einsum('b l d, d ff -> b l d', x, w)\"], parameters { w = \"d ff\" } } } | axis 'ff' of parameter block.0.a.w [d ff] has no size; give model.axes.ff",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x * w\"], parameters { w = \"d\" } } } | parameter block.0.a.w is in no einsum, so it has no fan-in to start by; say { axes = \"d\", init = zeros } or ones or normal",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { step = [] } } | layers.a.step: no such setting; did you mean layers.a.steps?",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { } } | layers.a.steps: missing; expected a list [ ... ]",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x\"], parameters { w = 3 } } } | layers.a.parameters.w: expected axes such as \"d f\" or { axes = \"d f\", init = zeros }, found 3",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x\"], parameters { w { axes = d, init = zero } } } } | layers.a.parameters.w.init: expected fan_in, normal, zeros or ones, found \"zero\"; did you mean zeros?",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = x\"], parameters { w { axes = d, init = ones, std = 2 } } } } | layers.a.parameters.w.std: goes with init = normal, found init = ones",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { gelu { steps = [\"y = x\"] } } | layers.gelu: a layer cannot be called 'gelu': that is a function",
        "model { axes { d = 4, h = 2, e = 3 }, layers = 1, block = [a] }, layers { a { parameters { w = \"d e\" }, steps = [\"y = einsum('b l d, d e -> b l e', x, w)\"] } } | model.block: a block takes [b l d], but with this step it gives [b l d e]; expected the same axes in the same order",
        "model { axes { d = 4, h = 2, e = 3 }, layers = 1, tied = false }, layers { head { parameters { w = \"d e\" }, steps = [\"y = einsum('b l d, d e -> b l e', x, w)\"] } } | layer 'head' gives [b l e]; expected [b l v], a number for each token of the vocabulary",
        "model { axes { d = 4, h = 2, e = 3 }, layers = 1, block = [a] }, layers { a { parameters { w = \"e d\" }, steps = [\"y = einsum('b l d, d f -> b l f', x, w)\"] } } | layer 'a': einsum: axis 'd' is 3 in operand 1 of shape (3, 4), but 4 in operand 0 of shape (2, 3, 4)",
        "model { axes { d = 4, h = 2, e = 3 }, layers = 1, block = [a] }, layers { a { parameters { w = \"d e\" }, steps = [\"y = einsum('b l c, c d -> b l d', x, w)\"] } } | layer 'a': einsum: axis 'd' is 3 here, but 4 in an input; give one of them another name",
        "model { axes { d = 4, h = 2, m = 2 }, layers = 1, block = [a] }, layers { a { steps = [\"y = einsum('b l d, b m d -> b l m', x, x)\"] } } | layer 'a': einsum: axis 'm' is 3 here, but 2 in the model; rename it, or say local = [m] if it is the layer's own",
        "model { axes { d = 4, h = 2 }, layers = 1, block = [\"x = x + mlp(z)\"] } | model.block: there is no 'z' here; known are x",
        "model { axes { d = 4, h = 2, a-b = 3 }, layers = 1 }        | model.axes.a-b: axis name 'a-b' has '-' at position 2: expected a letter, then letters, digits and '_'",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { a { steps = [\"y = x\"], parameters { w = \"d-f\" } } } | layers.a.parameters.w: axis name 'd-f' has '-' at position 2",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { a { steps = [\"y = x\"], parameters { w { axes = \"d 2\" } } } } | layers.a.parameters.w.axes: axis name '2' has '2' at position 1",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { a { steps = [\"y = x\"], sizes { a-b = 3 } } } | layers.a.sizes.a-b: axis name 'a-b' has '-' at position 2",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { norm { steps = [\"y = x\"] } } | layers.norm: would never be used: model.norm makes 'norm' mean 'layer_norm'; define layers.layer_norm, or change model.norm",
        "model { axes { d = 4, h = 2 }, layers = 1 }, layers { head { steps = [\"y = x\"] } } | layers.head: would never be used: model.tied makes 'head' mean 'head_tied'; define layers.head_tied, or change model.tied",
        "model { axes { d = 4, h = 2 }, layers = 1, positions = rotary }, layers { attention { steps = [\"y = x\"] } } | layers.attention: would never be used: model.positions makes 'attention' mean 'attention_rotary'; define layers.attention_rotary, or change model.positions",
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        // configuration beside axes and layers                              | what is advised
        "block = [mpl]                                                       | 'mlp'",
        "block = [embeding]                                                  | -",
        "block = [head_tid]                                                  | -",
        "norm = layer_nrm                                                    | 'layer_norm'",
        "norm = head_tie                                                     | -",
        "norm = layer_nrm, block = [mpl]                                     | 'mlp'",
        "dropot = 0.5                                                        | model.dropout",
        "dropot = 2                                                          | -",
        "dropout = 0, dropot = 0.5                                           | -",
        "block = [a] }, layers { a { step = [\"y = x\"] }                    | layers.a.steps",
        "block = [a] }, layers { a { step = \"y = x\" }                      | -",
        "block = [a] }, layers { a { steps = [], step = [\"y = x\"] }        | -",
        "block = [a] }, layers { a { steps = [], parameters { w { axes = d, scal = residual } } } | layers.a.parameters.w.scale",
        "block = [a] }, layers { a { steps = [], parameters { w { axes = d, scal = 2 } } }        | -",
        "block = [a] }, layers { a { steps = [], parameters { w { axes = d, init = ones, sdt = 2 } } } | -",
        "block = [a] }, layers { a { sizes { f = \"4 * d\" }, parameters { w = \"d ff\", u = \"f d\" }, steps = [\"z = einsum('b l d, d f -> b l f', x, w)\", \"y = einsum('b l f, f d -> b l d', z, u)\"] } | 'f'",
        "block = [a] }, layers { a { parameters { w = \"d dd\" }, steps = [\"y = einsum('b l d, d e -> b l d', x, w)\"] } | -",
    })
    void onlyWhatWorksIsAdvised(String more, @Nullable String advice) {
        String config = "model { axes { d = 4, h = 2 }, layers = 1, " + more + " }";
        assertThatThrownBy(() -> build(config)).isInstanceOf(IllegalArgumentException.class).message()
                .satisfies(m -> assertThat(advised(m)).isEqualTo(advice));
    }

    private static @Nullable String advised(String message) {
        Matcher hint = Pattern.compile("did you mean (.*)\\?").matcher(message);
        return hint.find() ? hint.group(1) : null;
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
