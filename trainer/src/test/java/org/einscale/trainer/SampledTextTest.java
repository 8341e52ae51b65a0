package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampledTextTest {
    private final List<String> pieces = new ArrayList<>();

    private SampledText of(String separator, String... tokens) {
        SampledText text = new SampledText(separator, pieces::add);
        for (String token : tokens) {
            text.add(token.getBytes(StandardCharsets.ISO_8859_1));
        }
        return text;
    }

    @Test
    void waitsForWholeCharacters() {
        of("", "a", "\u00c3", "\u00a9", "b");

        assertThat(pieces).containsExactly("a", "é", "b");
    }

    @Test
    void keepsBackWhatMayBecomeTheSeparator() {
        of("\n\n", "a\n", "b\n", "\n");

        assertThat(pieces).containsExactly("a", "\nb");
    }

    @Test
    void endsBeforeTheSeparatorWithinAToken() {
        SampledText text = of("\n", "a", "b\nc");

        assertThat(text.ended()).isTrue();
        assertThat(text.finish()).isEqualTo("ab");
        assertThat(pieces).containsExactly("a", "b");
    }

    @Test
    void passesTheRestOnAtTheEnd() {
        assertThat(of("\n\n", "a\n").finish()).isEqualTo("a\n");
        assertThat(pieces).containsExactly("a", "\n");
    }

    @Test
    void withoutSeparatorItNeverEnds() {
        assertThat(of("", "a\n\n").ended()).isFalse();
    }
}
