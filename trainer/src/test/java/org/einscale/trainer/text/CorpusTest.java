package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.einscale.trainer.text.Corpus.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    @TempDir
    Path folder;

    @Test
    void blankLinesEndDocuments() throws IOException {
        Path file = write("a.txt", "\n\n  one\ntwo  \n\n \t\nthree\n");
        Corpus corpus = Corpus.of(file);
        assertThat(corpus.documents()).containsExactly("  one\ntwo\n\n", "three\n\n");
        assertThat(corpus.separator()).isEqualTo("\n\n");
        assertThat(corpus.source()).isEqualTo(file.toString());
        assertThat(corpus.bytes()).isEqualTo(18);
    }

    @Test
    void withoutBlankLinesLinesAreDocuments() throws IOException {
        assertThat(Corpus.of(write("a.txt", "\none\ntwo\n\n")).documents()).containsExactly("one\n", "two\n");
        assertThat(Corpus.of(write("b", "no line break")).documents()).containsExactly("no line break\n");
    }

    @Test
    void otherLineEndsAndTheByteOrderMarkDoNotMatter() throws IOException {
        assertThat(Corpus.of(write("a.txt", "\uFEFFone\r\ntwo\r\n\r\nthree\r")).documents())
                .containsExactly("one\ntwo\n\n", "three\n\n");
    }

    @Test
    void foldersAreReadInTheOrderOfPathsWithoutHiddenAndOtherFiles() throws IOException {
        write("b.md", "second");
        write("a/z.TXT", "first");
        write("c.txt", "third\nfourth");
        write("c.csv", "not,text");
        write(".hidden.txt", "hidden");
        write(".git/x.txt", "hidden too");
        write("empty.txt", "");
        assertThat(Corpus.of(folder).documents()).containsExactly("first\n", "second\n", "third\n", "fourth\n");
    }

    @Test
    void oneFileWithBlankLinesMakesAllFilesParagraphs() throws IOException {
        write("a.txt", "one\ntwo");
        write("b.txt", "three\n\nfour");
        assertThat(Corpus.of(folder).documents()).containsExactly("one\ntwo\n\n", "three\n\n", "four\n\n");
    }

    @Test
    void missingPathIsNamed() {
        assertThatThrownBy(() -> Corpus.of(folder.resolve("none.txt"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such file or folder: " + folder.resolve("none.txt"));
        assertThatThrownBy(() -> Corpus.of(Path.of("none.txt"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such file or folder: none.txt (a path relative to %s)",
                        Path.of("").toAbsolutePath());
    }

    @Test
    void emptyTextIsRefused() throws IOException {
        Path file = write("a.txt", " \n\t\n\n");
        assertThatThrownBy(() -> Corpus.of(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " holds no text: expected at least one line that is not blank");
        assertThatThrownBy(() -> Corpus.of(Files.createDirectory(folder.resolve("sub"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the folder " + folder.resolve("sub") + " holds no text file: expected names");
    }

    @Test
    void bytesThatAreNotUtf8AreLocated() throws IOException {
        Path file = Files.write(folder.resolve("latin.txt"), "na\u00efve".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Corpus.of(folder)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file
                        + " is not UTF-8 text: byte 2 (0xEF) begins no valid character; convert it to UTF-8 first");
        Files.write(file, new byte[]{'a', 'b', (byte) 0xC3});
        assertThatThrownBy(() -> Corpus.of(file)).hasMessageContaining("byte 2 (0xC3)");
    }

    @Test
    void checksumDependsOnTextAndBoundaries() {
        assertThat(corpus("ab", "c").checksum()).isEqualTo(corpus("ab", "c").checksum()).hasSize(64)
                .isNotEqualTo(corpus("a", "bc").checksum()).isNotEqualTo(corpus("c", "ab").checksum());
    }

    @Test
    void splitsGoByDocumentSeedAndFraction() {
        Corpus corpus = corpus(IntStream.range(0, 10_000).mapToObj("document %d"::formatted).toArray(String[]::new));
        Split split = corpus.split(0.1, 7);
        assertThat(split.validation().documents().size()).isBetween(900, 1100);
        assertThat(split.training().documents()).doesNotContainAnyElementsOf(split.validation().documents());
        assertThat(split.training().documents().size() + split.validation().documents().size()).isEqualTo(10_000);
        assertThat(split.training().bytes() + split.validation().bytes()).isEqualTo(corpus.bytes());
        assertThat(corpus.split(0.1, 7).validation().checksum()).isEqualTo(split.validation().checksum());
        assertThat(corpus.split(0.1, 8).validation().checksum()).isNotEqualTo(split.validation().checksum());
        assertThat(corpus.split(0.2, 7).validation().documents()).containsAll(split.validation().documents());
    }

    @Test
    void copiesOfADocumentStayOnOneSide() {
        String[] documents = IntStream.range(0, 400).mapToObj(i -> "document " + i % 20).toArray(String[]::new);
        Split split = corpus(documents).split(0.5, 1);
        assertThat(split.training().documents()).doesNotContainAnyElementsOf(split.validation().documents());
    }

    @Test
    void splitsThatCannotBeAreRefused() {
        for (double fraction : new double[]{0, 1, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> corpus("a", "b").split(fraction, 1)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("validation fraction %s: expected a number above 0 and below 1", fraction);
        }
        assertThatThrownBy(() -> corpus("a", "b").split(1e-9, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("test has 2 documents, and a validation fraction of 1.0E-9 leaves none for validation;"
                        + " use more documents or a larger fraction");
        assertThatThrownBy(() -> corpus("a", "b").split(1 - 1e-9, 1)).hasMessageContaining("none for training")
                .hasMessageEndingWith("a smaller fraction");
    }

    private static Corpus corpus(String... documents) {
        return Corpus.of("test", "\n", List.of(documents));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
