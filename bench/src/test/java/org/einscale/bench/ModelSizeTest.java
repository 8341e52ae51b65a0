package org.einscale.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSizeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"2,32,2,64 | expected layers,width,heads,context,batch as in 2,32,2,64,8",
        "2,32,2,64,x | expected layers,width,heads,context,batch as in 2,32,2,64,8",
        "2,33,2,64,8 | the width, 33, is not a multiple of the 2 heads",
        "0,32,2,64,8 | expected positive numbers, found 0,32,2,64,8"})
    void refuses(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> ModelSize.parse(text)).withMessageContaining(message);
    }

    @Test
    void countsTheWorkOfAStep() {
        ModelSize size = ModelSize.parse("2,32,2,64,8");
        long products = GptShapes.of(size).stream().filter(p -> p.shape().size() > 1)
                .filter(p -> !p.name().equals("tokens") && !p.name().equals("positions"))
                .mapToLong(GptShapes.Parameter::count).sum();

        assertThat(size.matmulParameters()).isEqualTo(products).isEqualTo(12 * 2 * 32 * 32 + 32 * 256);
        assertThat(size.parameterFlops()).isEqualTo(6.0 * products * 512);
        // Two products of 2 T d a token and layer, three times over.
        assertThat(size.attentionFlops()).isCloseTo(3.0 * 2 * (2 * 64 * 32) * 2 * 512, within(0.5));
    }

    @Test
    void standardSizesPrintAsTheyAreWritten() {
        assertThat(ModelSize.STANDARD).map(ModelSize::toString).containsExactly("2,32,2,64,8", "4,64,4,64,16",
                "4,128,4,128,8", "6,256,8,128,8");
        assertThat(ModelSize.parse("2x32x2x64x8")).isEqualTo(ModelSize.STANDARD.getFirst());
    }
}
