package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.einscale.tensor.file.Safetensors;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.trainer.sample.TokenChooser;
import org.einscale.trainer.text.BytePair;
import org.einscale.trainer.text.TokenizerFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the memory that all have allocated")
class SamplerTest {
    private static final TokenChooser GREEDY = new TokenChooser(0, 0, 1);

    @TempDir
    static Path folder;

    @BeforeAll
    static void train() {
        try (Training training = Tiny.training(Tiny.spec(600), folder)) {
            training.run();
        }
    }

    private static Sample sample(SampleRequest request) {
        try (Sampler sampler = Sampler.load(folder)) {
            return sampler.sample(request, piece -> {
            });
        }
    }

    private static SampleRequest request(String prompt, TokenChooser chooser, boolean wholeDocument, long seed) {
        return new SampleRequest(prompt, 40, chooser, wholeDocument, seed);
    }

    @Test
    void writesLikeTheText() {
        assertThat(sample(request("the c", GREEDY, true, 1)).text()).contains(" sat on the ");
    }

    @Test
    void theSameRequestGivesTheSameText() {
        TokenChooser chooser = new TokenChooser(1, 20, 0.95);

        assertThat(sample(request("", chooser, false, 3)).text())
                .isEqualTo(sample(request("", chooser, false, 3)).text());
        assertThat(sample(request("", chooser, false, 3)).text())
                .isNotEqualTo(sample(request("", chooser, false, 4)).text());
    }

    @Test
    void oneSamplerAsOftenAsAsked() {
        SampleRequest request = request("the dog", new TokenChooser(1, 0, 1), false, 5);
        try (Sampler sampler = Sampler.load(folder)) {
            String first = sampler.sample(request, piece -> {
            }).text();
            sampler.sample(request("a longer prompt than the model can see", GREEDY, false, 1),
                    piece -> {
                    });

            assertThat(sampler.sample(request, piece -> {
            }).text()).isEqualTo(first);
        }
    }

    @Test
    void stopsAtTheEndOfTheDocumentOrAtTheMostTokens() {
        Sample document = sample(request("the c", GREEDY, true, 1));
        Sample text = sample(request("the c", GREEDY, false, 1));

        assertThat(document.ended()).isTrue();
        assertThat(document.tokens()).isLessThan(40);
        assertThat(document.text()).doesNotContain("\n");
        assertThat(text.ended()).isFalse();
        assertThat(text.tokens()).isEqualTo(40);
        assertThat(text.text()).startsWith(document.text() + "\n");
    }

    @Test
    void thePiecesAreTheText() {
        StringBuilder pieces = new StringBuilder();
        try (Sampler sampler = Sampler.load(folder)) {
            Sample sample = sampler.sample(request("", new TokenChooser(2, 0, 1), false, 1), pieces::append);

            assertThat(pieces).hasToString(sample.text());
            assertThat(sample.tokensPerSecond()).isPositive();
        }
    }

    @Test
    void aFolderWithoutAModelIsRefused(@TempDir Path empty) {
        assertThatThrownBy(() -> Sampler.load(empty)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(empty + " holds no model.safetensors: expected the folder of a finished training");
    }

    @Test
    void anotherTokenizerIsRefused(@TempDir Path other) throws IOException {
        Files.copy(folder.resolve(SavedModel.FILE), other.resolve(SavedModel.FILE));
        TokenizerFile.save(new BytePair(List.of(new BytePair.Merge('a', 'b'))),
                other.resolve(SavedModel.TOKENIZER));

        assertThatThrownBy(() -> Sampler.load(other)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was trained with another tokenizer");
    }

    @Test
    void aModelWithoutItsParametersIsRefusedAndItsMemoryGivenBack(@TempDir Path other) throws IOException {
        Files.copy(folder.resolve(SavedModel.TOKENIZER), other.resolve(SavedModel.TOKENIZER));
        Path file = other.resolve(SavedModel.FILE);
        Safetensors.write(file, Map.of(), Safetensors.read(folder.resolve(SavedModel.FILE)).metadata());
        long before = TensorArena.allocatedBytes();

        assertThatThrownBy(() -> Sampler.load(other)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": expected 'embedding.tokens'");
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }
}
