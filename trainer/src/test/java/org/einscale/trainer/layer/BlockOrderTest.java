package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model is does not depend on the order of its block. */
class BlockOrderTest {
    private static final String LAYERS = """
            gated {
              sizes { f = "2 * d" }
              parameters { gate = "d f", up = "d f", down { axes = "f d", init = zeros } }
              steps = [
                "g = silu(einsum('b l d, d f -> b l f', x, gate))"
                "u = einsum('b l d, d f -> b l f', x, up)"
                "y = einsum('b l f, f d -> b l d', g * u, down)"
              ]
            }
            narrow {
              sizes { k = "3" }
              parameters { in = "d k", out = "k d" }
              steps = ["y = einsum('b l k, k d -> b l d', einsum('b l d, d k -> b l k', x, in), out)"]
            }
            halves {
              parameters { w = "r d" }
              steps = ["y = einsum('b l r, r d -> b l d', slice(x, 'd = r + r', 0), w)"]
            }
            # Distances, before the step that gives m its size.
            distant {
              sizes { e = "f / 2", f = "g - d", g = "2 * d + 4" }
              parameters { w = "d e", back = "e d", slope { axes = "e", init = ones } }
              steps = [
                "far = iota('m') - iota('l')"
                "seen = einsum('b l d, d e -> b l e', x, w) * slope"
                "alike = causal_softmax(einsum('b l e, b m e -> b l m', seen, seen) + far, 'm', 'l')"
                "y = einsum('b l m, b m e, e d -> b l d', alike, seen, back)"
              ]
            }
            """;

    private static Model build(String axes, List<String> block, String positions) {
        Config model = ConfigFactory.parseString("layers = 2, axes { d = 12, h = 2" + axes + " }, positions = "
                + positions + ", block = [" + String.join(", ", block) + "]");
        return ModelSpec.of(model, ConfigFactory.parseString(LAYERS)).build(2, 5, 7, true, 1);
    }

    private static TreeMap<String, Long> volumes(Model model) {
        TreeMap<String, Long> volumes = new TreeMap<>();
        model.parameters().forEach(p -> volumes.put(p.value().name(), model.sizes().volume(p.value().axes())));
        return volumes;
    }

    private static void orders(List<String> left, List<String> chosen, Set<List<String>> orders) {
        if (!chosen.isEmpty()) {
            orders.add(chosen);
        }
        for (int i = 0; i < left.size(); i++) {
            List<String> rest = new ArrayList<>(left);
            List<String> next = new ArrayList<>(chosen);
            next.add(rest.remove(i));
            orders(rest, next, orders);
        }
    }

    @Tag("once")
    @ParameterizedTest
    @CsvSource({"learned", "rotary", "none"})
    void everyOrderOfEveryBlockHasTheSameSizes(String positions) {
        List<String> layers = List.of("attention", "mlp", "swiglu", "gated", "narrow", "halves");
        Set<List<String>> orders = new HashSet<>();
        orders(layers.subList(0, 4), List.of(), orders);
        orders(layers.subList(2, 6), List.of(), orders);
        orders(List.of("distant", "attention", "halves"), List.of(), orders);
        for (List<String> order : orders) {
            Model model = build("", order, positions);
            Model sorted = build("", order.stream().sorted().toList(), positions);
            assertThat(volumes(model)).as(order + "").isEqualTo(volumes(sorted));
            assertThat(model.sizes()).as(order + "").isEqualTo(sorted.sizes());
            long alone = order.stream().mapToLong(layer -> added(layer, positions)).sum();
            assertThat(model.nonEmbeddingParameterCount()).as(order + "").isEqualTo(24 + alone);
        }
    }

    /** What a layer adds to a model, by its own rules. */
    private static long added(String layer, String positions) {
        long d = 12;
        long own = switch (layer) {
            case "attention" -> 4 * d * d;
            case "mlp" -> 2 * d * 4 * d;
            case "swiglu" -> 3 * d * 32;
            case "gated" -> 3 * d * 2 * d;
            case "narrow" -> 2 * d * 3;
            case "halves" -> d * d / 2;
            case "distant" -> 2 * d * 8 + 8;
            default -> throw new AssertionError(layer + positions);
        };
        return 2 * (own + 2 * d);
    }

    /** The model of the README. */
    @Test
    void theGatedModelHasTheParametersThatItsRulesSay() {
        Config model = ConfigFactory.parseString(
                "layers = 2, axes { d = 64, h = 2 }, positions = rotary, block = [attention, gated]");
        Model built = ModelSpec.of(model, ConfigFactory.parseString(LAYERS)).build(8, 64, 256, true, 1);
        assertThat(built.nonEmbeddingParameterCount()).isEqualTo(82_560);
    }

    @Test
    void axesOfOneNameAndSizeAreOne() {
        Sizes sizes = build("", List.of("mlp", "swiglu"), "none").sizes();
        assertThat(sizes.of(new Axis("f_48"))).isEqualTo(48);
        assertThat(sizes.of(new Axis("f_32"))).isEqualTo(32);
        assertThat(sizes.has(new Axis("f"))).isFalse();
        assertThat(build(", f = 20", List.of("mlp", "swiglu"), "none").sizes().of(new Axis("f"))).isEqualTo(20);
        assertThat(build(", f_48 = 3", List.of("mlp", "swiglu"), "none").sizes().toString())
                .contains("f_32=32 f_48=3 f_48_=48");
    }

    /** Names that shipped layers use for axes of their own. */
    @ParameterizedTest
    @CsvSource({"r", "m", "f_48"})
    void aModelsAxisDoesNotBreakShippedLayers(String axis) {
        for (String positions : List.of("learned", "rotary", "none")) {
            Model model = build(", " + axis + " = 4", List.of("attention", "mlp", "swiglu"), positions);
            assertThat(volumes(model)).isEqualTo(volumes(build("", List.of("attention", "mlp", "swiglu"), positions)));
            assertThat(model.sizes().of(new Axis(axis))).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // sizes                                | position | message
        "k = \"f / 2\", f = \"k * 2\"           | 0 | layer 'a', size of 'k': the sizes go in a circle: f -> k -> f",
        "k = \"k + 1\"                          | 0 | layer 'a', size of 'k': the sizes go in a circle: k -> k",
        "k = \"2 * q\"                          | 4 | layer 'a', size of 'k': axis 'q' has no size; give model.axes.q",
        "k = \"2 * dd\"                         | 4 | layer 'a', size of 'k': axis 'dd' has no size; give model.axes.dd; did you mean 'd'?",
        "k = \"wid / 2\", wide = \"2 * d\"      | 0 | layer 'a', size of 'k': axis 'wid' has no size; give model.axes.wid; did you mean 'wide'?",
        "k = \"dd / 5\"                         | 0 | layer 'a', size of 'k': axis 'dd' has no size; give model.axes.dd",
        "kk = \"2 * kkk\", kkkk = \"kk\"         | 4 | layer 'a', size of 'kk': axis 'kkk' has no size; give model.axes.kkk",
        "k = \"2 * ff\"                         | 4 | layer 'a', size of 'k': axis 'ff' has no size; give model.axes.ff",
        "k = \"d / 5\"                          | 0 | layer 'a', size of 'k': the size is 2.4 with d=12; expected a whole number of at least 1, so give model.axes.k or change the sizes it depends on",
        "l = \"7\"                              | 0 | layer 'a', size of 'l': b, l and v come from the data; expected a rule for another axis",
    })
    void rulesThatMakeNoSenseAreShown(String sizes, int position, String message) {
        Config layers = ConfigFactory.parseString("a { sizes { " + sizes + " }, steps = [\"y = x\"] }");
        Config model = ConfigFactory.parseString("layers = 1, axes { d = 12, h = 2 }, block = [mlp, a]");
        assertThatThrownBy(() -> ModelSpec.of(model, layers).build(2, 5, 7, true, 1))
                .hasMessageStartingWith(message + "\n")
                .satisfies(e -> assertThat(((LayerError) e).position()).isEqualTo(position));
    }

    @Test
    void rulesAreSolvedByNeed() {
        Config layers = ConfigFactory.parseString("""
                a {
                  sizes { a = "m / 2", m = "z + 2", z = "2 * d" }
                  parameters { in = "d a", out = "a d" }
                  steps = ["y = einsum('b l c, c a, a d -> b l d', x, in, out)"]
                }""");
        Config model = ConfigFactory.parseString("layers = 1, axes { d = 12, h = 2 }, block = [a]");
        Model built = ModelSpec.of(model, layers).build(2, 5, 7, true, 1);
        assertThat(built.sizes().of(new Axis("a"))).isEqualTo(13);
    }

    @Test
    void aRuleThatContradictsAnInputIsRefused() {
        Config layers = ConfigFactory.parseString(
                """
                        wide { sizes { f = "2 * d" }, parameters { w = "d f" }, steps = ["y = einsum('b l d, d f -> b l f', x, w)"] }
                        back { sizes { f = "FACTOR * d" }, parameters { w = "f d" }, steps = ["y = einsum('b l f, f d -> b l d', x, w)"] }
                        """
                        .replace("FACTOR", "3"));
        Config model = ConfigFactory
                .parseString("layers = 1, axes { d = 12, h = 2 }, block = [\"x = x + back(gelu(wide(x)))\"]");
        assertThatThrownBy(() -> ModelSpec.of(model, layers).build(2, 5, 7, true, 1)).hasMessageStartingWith(
                "layer 'back', size of 'f': the rule says 36, but an input has the axis with 24; make them agree, or"
                        + " name one of them differently");
    }
}
