package org.einscale.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GptShapesTest {
    private static final ModelSize SIZE = new ModelSize(1, 8, 2, 5, 3);

    @Test
    void listsParametersInTheOrderOfAForwardPass() {
        assertThat(GptShapes.of(SIZE)).map(p -> p.name() + " " + p.axes() + " " + p.shape()).containsExactly(
                "tokens v d [256, 8]", "positions t d [5, 8]", "block.0.norm1.gain d [8]", "block.0.norm1.bias d [8]",
                "block.0.attention.q d h k [8, 2, 4]", "block.0.attention.k d h k [8, 2, 4]",
                "block.0.attention.v d h k [8, 2, 4]", "block.0.attention.o h k d [2, 4, 8]",
                "block.0.norm2.gain d [8]", "block.0.norm2.bias d [8]", "block.0.mlp.up d f [8, 32]",
                "block.0.mlp.down f d [32, 8]", "final.gain d [8]", "final.bias d [8]", "head d v [8, 256]");
    }

    @Test
    void weightsDependOnTheSeedAlone() {
        Map<String, float[]> weights = GptShapes.initialWeights(SIZE, 1);

        assertThat(weights.get("head")).isEqualTo(GptShapes.initialWeights(SIZE, 1).get("head"))
                .isNotEqualTo(GptShapes.initialWeights(SIZE, 2).get("head"));
        assertThat(weights.get("final.gain")).containsOnly(1f);
        assertThat(weights.get("final.bias")).containsOnly(0f);
    }
}
