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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void fractionsOutOfRangeAreRefused() {
        for (double fraction : new double[]{0, 1, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> corpus("a", "b").split(fraction, 1)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("validation fraction %s: expected a number above 0 and below 1", fraction);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 60})
    void bothSidesHoldTextWhateverSeedAndFraction(int count) {
        Corpus corpus = corpus(IntStream.range(0, count).mapToObj("paragraph %d"::formatted).toArray(String[]::new));
        for (double fraction : new double[]{Double.MIN_VALUE, 0.02, 0.5, 0.98, Math.nextDown(1.0)}) {
            for (long seed = 0; seed < 20; seed++) {
                Split split = corpus.split(fraction, seed);
                assertThat(split.training().bytes()).isPositive();
                assertThat(split.validation().bytes()).isPositive();
                assertThat(split.training().bytes() + split.validation().bytes()).isEqualTo(corpus.bytes());
                assertThat(split.training().documents()).doesNotContainAnyElementsOf(split.validation().documents());
            }
        }
    }

    @Test
    void aLargerFractionHoldsOutTheSameDocumentsAndMore() {
        Corpus corpus = corpus(IntStream.range(0, 9).mapToObj("line %d"::formatted).toArray(String[]::new));
        List<String> earlier = List.of();
        for (double fraction = 1e-3; fraction < 1; fraction += 0.037) {
            List<String> heldOut = corpus.split(fraction, 5).validation().documents();
            assertThat(heldOut).containsAll(earlier);
            earlier = heldOut;
        }
        assertThat(earlier).hasSize(8);
    }

    @Test
    void aSingleDocumentIsCutBetweenCharacters() {
        assertThat(parts(corpus("0123456789abcdefghi").split(0.25, 1))).containsExactly("0123456789abcde", "fghi\n");
        assertThat(parts(corpus("a").split(0.001, 1))).containsExactly("a", "\n");
        assertThat(parts(corpus("\uD83D\uDC33\uD83D\uDC33\uD83D\uDC33").split(0.5, 1)))
                .containsExactly("\uD83D\uDC33\uD83D\uDC33", "\uD83D\uDC33\n");
        assertThat(parts(corpus("copy", "copy").split(0.4, 1))).containsExactly("copcop", "y\ny\n");
    }

    private static List<String> parts(Split split) {
        return List.of(String.join("", split.training().documents()), String.join("", split.validation().documents()));
    }

    private static Corpus corpus(String... documents) {
        return Corpus.of("test", "\n", List.of(documents));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aSingleCharacterCannotBeSplit() {
        assertThatThrownBy(() -> Corpus.of("a text", "\n", List.of("", "")).split(0.5, 1)).hasMessage(
                "a text holds a single character: expected at least two, one to train on and one to hold out");
    }
}
