package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contractions of a GPT and their gradients move no element to another layout, at any width, in float32. */
class GptContractionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"b l d, d h k -> b l h k", "b q h k, b s h k -> b h q s", "b h q s, b s h k -> b q h k",
        "b q h k, h k d -> b q d", "b l d, d f -> b l f", "b l f, f d -> b l d", "b l d, d v -> b l v",
        "b l (h k), b s (h k) -> b h l s"})
    void copyNothing(String equation) {
        for (int width : new int[]{64, 128, 256, 512}) {
            Map<String, Integer> all = new HashMap<>(
                    Map.of("b", 8, "l", 128, "q", 128, "s", 128, "d", width, "f", 4 * width, "v", 1024));
            all.putAll(Map.of("h", width / 32, "k", 32));
            all.keySet().removeIf(axis -> !equation.contains(axis));
            CompiledEinsum compiled = Einsum.words(equation).compile(Precision.FLOAT, Sizes.of(all));
            assertThat(compiled.explain().bytesCopied()).as("%s at %d", equation, width).isZero();
            assertThat(compiled.gradient().explain().bytesCopied()).as("gradients of %s at %d", equation, width)
                    .isZero();
        }
    }
}
