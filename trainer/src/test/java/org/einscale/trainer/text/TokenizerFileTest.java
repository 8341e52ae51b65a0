package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsLoadedIsWhatWasSaved() {
        Path file = folder.resolve("tokenizer.json");
        for (Tokenizer tokenizer : List.of(BytePair.train(List.of("banana bandana banana"), 259),
                new ByteTokenizer())) {
            TokenizerFile.save(tokenizer, file);
            assertThat(TokenizerFile.load(file)).isEqualTo(tokenizer);
            assertThat(TokenizerFile.load(file).fingerprint()).isEqualTo(tokenizer.fingerprint());
        }
        assertThat(folder.toFile().list()).containsExactly("tokenizer.json");
    }

    @Test
    void aLeftoverOfAKilledSaveIsOverwritten() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(folder.resolve("tokenizer.json.new"), "{\"kind\": \"byte");
        TokenizerFile.save(new ByteTokenizer(), file);
        assertThat(TokenizerFile.load(file)).isEqualTo(new ByteTokenizer());
        assertThat(folder.toFile().list()).containsExactly("tokenizer.json");
    }

    /** As when the last step of a training is interrupted, whose model is saved all the same. */
    @Test
    void anInterruptedThreadSavesAllTheSame() {
        Path file = folder.resolve("tokenizer.json");
        Thread.currentThread().interrupt();
        TokenizerFile.save(new ByteTokenizer(), file);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(TokenizerFile.load(file)).isEqualTo(new ByteTokenizer());
    }

    @Test
    void failedSaveLeavesNothingBehind() throws IOException {
        Path taken = folder.resolve("taken");
        Files.createDirectories(taken.resolve("inner"));
        assertThatThrownBy(() -> TokenizerFile.save(new ByteTokenizer(), taken))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot write the tokenizer " + taken);
        assertThat(folder.toFile().list()).containsExactly("taken");
    }

    @Test
    void savingNeedsTheFolder() {
        Path file = folder.resolve("none/tokenizer.json");
        assertThatThrownBy(() -> TokenizerFile.save(new ByteTokenizer(), file)).isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write the tokenizer %s: there is no folder %s", file, folder.resolve("none"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "{]                                                         ~ it is not JSON",
        "[]                                                         ~ its kind is '', expected 'bytes' or 'byte-pair'",
        "{\"kind\": \"words\"}                                      ~ its kind is 'words', expected 'bytes' or 'byte-pair'",
        "{\"kind\": \"byte-pair\", \"pieces\": \"x\"}               ~ it was trained on pieces cut by 'x'",
        "{\"kind\": \"byte-pair\", \"pieces\": P, \"merges\": [[1]]}        ~ merge 0 is [1], expected two token numbers",
        "{\"kind\": \"byte-pair\", \"pieces\": P, \"merges\": [[1,900]]}    ~ merge 0 joins tokens 1 and 900"})
    void brokenFilesAreRefused(String content, String message) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, content.replace("P,", '"' + Pieces.PATTERN.replace("\\", "\\\\") + "\","));
        assertThatThrownBy(() -> TokenizerFile.load(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + " does not hold a tokenizer: " + message)
                .message().doesNotContain("\n");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> TokenizerFile.load(folder.resolve("none.json")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such file or folder: " + folder.resolve("none.json"));
    }
}
