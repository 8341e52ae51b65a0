package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WordNetTest {
    private static Corpus corpus;

    @BeforeAll
    static void read() {
        corpus = Corpus.wordNet();
    }

    @Test
    void documentsAreDictionaryEntries() {
        List<String> documents = corpus.documents();
        assertThat(documents.subList(0, 2)).containsExactly(
                "entity: that which is perceived or known or inferred to have its own distinct existence (living or nonliving)\n",
                "physical entity: an entity that has physical existence\n");
        assertThat(Set.copyOf(documents)).hasSize(documents.size()).contains("know the score: be well-informed\n");
        assertThat(documents.stream().filter(entry -> !entry.matches("[^:]+: .*[^ ]\n"))).isEmpty();
    }

    @Test
    void markersAndSpacesAreTakenOff() {
        assertThat(WordNet.entry("00020141 00 s 02 outback(a) 0 remote 0 000 | inaccessible;  \"an outback life\"  "))
                .isEqualTo("outback: inaccessible; \"an outback life\"");
        assertThat(WordNet.entry("1 00 s 01 ready_to_hand(p) 0 000 | near")).isEqualTo("ready to hand: near");
        assertThat(WordNet.entry("1 00 s 01 galore(ip) 0 000 | many")).isEqualTo("galore: many");
    }

    @Test
    void theTextIsTheOneThatResultsWereMeasuredOn() {
        assertThat(corpus).hasToString("WordNet 3.1 glosses: 117,790 documents, 10,355,730 bytes");
        assertThat(corpus.checksum()).isEqualTo(
                "48a2fca6d2a14668e658c23fc8a9ae3dee3923d534ce472e08e5f97c3585d17d");
    }

    @Test
    void byteTokensAreBytesAndBytePairsRoundTrip() {
        Corpus validation = corpus.split(0.05, 1).validation();
        BytePair trained = BytePair.train(validation.documents(), 1024);
        TokenStream bytes = TokenStream.of(validation, new ByteTokenizer(), 1);
        TokenStream pairs = TokenStream.of(validation, trained, 1);
        assertThat((long) bytes.length()).isEqualTo(validation.bytes());
        assertThat(pairs.bytes(0, pairs.length())).isEqualTo(validation.bytes());
        assertThat(pairs.length()).isLessThan(bytes.length() / 2);
        int[] tokens = new int[pairs.length()];
        pairs.copy(0, tokens, 0, tokens.length);
        String text = trained.decode(tokens);
        assertThat(Arrays.stream(text.split("(?<=\n)")).sorted())
                .isEqualTo(validation.documents().stream().sorted().toList());
    }

    @Test
    void theLicenceComesAlong() throws IOException {
        try (InputStream notice = Corpus.class.getResourceAsStream("/META-INF/NOTICE-WordNet.txt")) {
            assertThat(notice).isNotNull();
            assertThat(new String(notice.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("WordNet 3.1 Copyright 2011");
        }
    }
}
