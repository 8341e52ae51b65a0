package org.einscale.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8StreamTest {
    @Test
    void charactersComeOutWhenTheyAreComplete() {
        var stream = new Utf8Stream();
        assertThat(stream.accept(bytes(0x61, 0xF0, 0x9F))).isEqualTo("a");
        assertThat(stream.accept(bytes(0x98))).isEmpty();
        assertThat(stream.accept(bytes(0x80, 0x62, 0xC3))).isEqualTo("\uD83D\uDE00b");
        assertThat(stream.accept(bytes(0xA9))).isEqualTo("\u00e9");
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void halfACharacterAtTheEndIsReplacedAndForgotten() {
        var stream = new Utf8Stream();
        assertThat(stream.accept(bytes(0xE4, 0xBD))).isEmpty();
        assertThat(stream.finish()).isEqualTo("\uFFFD");
        assertThat(stream.accept(bytes(0x61))).isEqualTo("a");
    }

    @Test
    void bytesThatCannotBecomeACharacterAreReplacedAtOnce() {
        var stream = new Utf8Stream();
        assertThat(stream.accept(bytes(0xFF))).isEqualTo("\uFFFD");
        assertThat(stream.accept(bytes(0xE4, 0x61))).isEqualTo("\uFFFDa");
    }

    @Test
    void anyCutGivesWhatDecodingAtOnceGives() {
        var random = new RandomText("stream");
        for (int i = 0; i < 500; i++) {
            byte[] bytes = Utf8.bytes(random.next(20));
            for (int damaged = 0; damaged < bytes.length && i % 2 == 0; damaged += 7) {
                bytes[damaged] = (byte) random.below(256);
            }
            var stream = new Utf8Stream();
            var text = new StringBuilder();
            for (int from = 0; from < bytes.length;) {
                int to = Math.min(bytes.length, from + random.below(4));
                text.append(stream.accept(Arrays.copyOfRange(bytes, from, to)));
                from = to;
            }
            text.append(stream.finish());
            assertThat(text.toString()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
