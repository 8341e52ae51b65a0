package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import org.einscale.trainer.text.BytePair.Merge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {
    private static final String RHYME = "She sells sea shells by the sea shore.\nThe shells she sells are sea shells, I'm sure.\n"
            .repeat(2);

    static List<Tokenizer> tokenizers() {
        return List.of(new ByteTokenizer(), new BytePair(List.of()), BytePair.train(List.of(RHYME), 280));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void decodingGivesTheTextBack(Tokenizer tokenizer) {
        var texts = new RandomText("tokenizer");
        for (int i = 0; i < 2000; i++) {
            String text = texts.next(40) + (i % 3 == 0 ? RHYME : "");
            int[] tokens = tokenizer.encode(text);
            assertThat(tokenizer.decode(tokens)).isEqualTo(Utf8.wellFormed(text));
            assertThat(Arrays.stream(tokens)).allMatch(token -> token >= 0 && token < tokenizer.vocabulary());
            assertThat(Arrays.stream(tokens).map(token -> tokenizer.bytes(token).length).sum())
                    .isEqualTo(Utf8.bytes(text).length);
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void emptyTextHasNoTokens(Tokenizer tokenizer) {
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.decode(new int[0])).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void thereAreNoTokensOutsideTheVocabulary(Tokenizer tokenizer) {
        for (int token : new int[]{-1, tokenizer.vocabulary()}) {
            assertThatThrownBy(() -> tokenizer.bytes(token)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no token " + token).hasMessageContaining("0 to");
        }
    }

    @Test
    void bytesAreTheirOwnTokens() {
        assertThat(new ByteTokenizer().vocabulary()).isEqualTo(256);
        assertThat(new ByteTokenizer().encode("Az\u00e9")).containsExactly('A', 'z', 0xC3, 0xA9);
    }

    @Test
    void surrogatesWithoutPartnerAreReplaced() {
        assertThat(Utf8.wellFormed("a\uD83Db\uDE00c")).isEqualTo("a\uFFFDb\uFFFDc");
        assertThat(Utf8.wellFormed("\uDE00\uD83D")).isEqualTo("\uFFFD\uFFFD");
        assertThat(Utf8.wellFormed("\uD83D\uD83D\uDE00")).isEqualTo("\uFFFD\uD83D\uDE00");
        assertThat(Utf8.wellFormed("\uD83D\uDE00")).isEqualTo("\uD83D\uDE00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', ignoreLeadingAndTrailingWhitespace = false, value = {
        "The cat's 12345 toes>The| cat|'|s| 123|45| toes",
        "a  b>a| | b",
        "    indented>   | indented",
        "one, two;three...>one|,| two|;|three|...",
        "f(x) = -1>f|(|x|)| =| -|1",
        " >' '",
        "caf\u00e9 \u4f60\u597d>caf\u00e9| \u4f60\u597d"})
    void textIsCutIntoPieces(String text, String pieces) {
        assertThat(String.join("|", pieces(text))).isEqualTo(pieces.equals("' '") ? " " : pieces);
    }

    @Test
    void lineBreaksKeepTogetherAndApartFromWords() {
        assertThat(pieces("a\n\n\nb \n c\t\td")).containsExactly("a", "\n\n\n", "b", " ", "\n", " c", "\t", "\t", "d");
    }

    @Test
    void noPieceIsLongAndNoneIsLost() {
        for (String repeated : List.of("a", "!", "\n", " ", "\t", "\uD83D\uDE00")) {
            String text = repeated.repeat(1000);
            assertThat(String.join("", pieces(text))).isEqualTo(text);
            assertThat(pieces(text)).allMatch(piece -> piece.codePointCount(0, piece.length()) <= Pieces.LONGEST);
        }
    }

    private static List<String> pieces(String text) {
        Matcher matcher = Pieces.of(text);
        return matcher.results().map(result -> result.group()).toList();
    }

    /** The example of Sennrich et al. 2016, section 3.2, with their word counts. */
    @Test
    void learnsTheMostFrequentPairFirst() {
        String text = "low\n".repeat(5) + "lower\n".repeat(2) + "newest\n".repeat(6) + "widest\n".repeat(3);
        BytePair trained = BytePair.train(List.of(text), 256 + 6);
        // e-s 9, es-t 9, l-o 7, lo-w 7; then e-w, n-e and w-est 6 each, and after e-w both n-ew and ew-est 6.
        assertThat(tokens(trained)).containsExactly("es", "est", "lo", "low", "ew", "new");
    }

    private static List<String> tokens(BytePair trained) {
        return trained.merges().stream().map(trained.merges()::indexOf)
                .map(merge -> trained.decode(new int[]{256 + merge})).toList();
    }

    @Test
    void equallyFrequentPairsAreLearnedInTheOrderOfTheirTokens() {
        assertThat(BytePair.train(List.of("zy\nab\nzy\nab\nac\nac"), 259).merges())
                .containsExactly(new Merge('a', 'b'), new Merge('a', 'c'), new Merge('z', 'y'));
    }

    @Test
    void repeatedLettersMergeFromTheLeft() {
        BytePair trained = BytePair.train(List.of("aaaaa aaaaa"), 257);
        assertThat(trained.merges()).containsExactly(new Merge('a', 'a'));
        assertThat(trained.encode("aaaaa")).containsExactly(256, 256, 'a');
    }

    @Test
    void countsKeptUpToDateAgreeWithCountingAgain() {
        var texts = new RandomText("training");
        List<String> documents = java.util.stream.Stream.generate(() -> texts.next(30) + RHYME).limit(60).toList();
        assertThat(BytePair.train(documents, 340).merges()).isEqualTo(SlowBytePair.learn(documents, 340 - 256));
    }

    @Test
    void theOrderOfDocumentsDoesNotMatter() {
        List<String> documents = RHYME.lines().map(line -> line + "\n" + line).toList();
        assertThat(BytePair.train(documents.reversed(), 275)).isEqualTo(BytePair.train(documents, 275));
    }

    @Test
    void encodingAppliesMergesInTheOrderLearned() {
        var tokenizer = new BytePair(List.of(new Merge('b', 'c'), new Merge('a', 'b'), new Merge('a', 256)));
        assertThat(tokenizer.encode("abc")).containsExactly(258);
        assertThat(tokenizer.encode("ab")).containsExactly(257);
        assertThat(new String(tokenizer.bytes(258), StandardCharsets.UTF_8)).isEqualTo("abc");
    }

    @Test
    void trainedTextIsShorter() {
        BytePair trained = BytePair.train(List.of(RHYME), 280);
        assertThat(trained.vocabulary()).isEqualTo(280);
        assertThat(trained.name()).isEqualTo("byte-pair-280");
        assertThat(trained.encode(RHYME)).hasSizeLessThan(RHYME.length() * 2 / 3);
    }

    @Test
    void fingerprintsTellTokenizersApart() {
        List<String> prints = tokenizers().stream().map(Tokenizer::fingerprint).toList();
        assertThat(prints).doesNotHaveDuplicates().allMatch(print -> print.matches("[0-9a-f]{64}"));
        assertThat(tokenizers().stream().map(Tokenizer::fingerprint)).isEqualTo(prints);
    }

    @Test
    void refusesVocabulariesThatCannotBe() {
        assertThatThrownBy(() -> BytePair.train(List.of(RHYME), 255)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a byte-pair vocabulary of 255 is too small: it holds the 256 bytes, so ask for 256 or more");
        assertThatThrownBy(() -> BytePair.train(List.of("abab"), 300)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the text is too small for a byte-pair vocabulary of 300: no pair repeats after 257;"
                        + " ask for at most 257 or give more text");
    }

    @Test
    void refusesMergesThatCannotBe() {
        assertThatThrownBy(() -> new BytePair(List.of(new Merge('a', 256))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("merge 0 joins tokens 97 and 256, but only 0 to 255 exist before it");
        assertThatThrownBy(() -> new BytePair(List.of(new Merge('a', 'b'), new Merge('a', 'b'))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("merge 1 joins tokens 97 and 98, as an earlier merge does");
    }
}
