package org.einscale.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementTest {
    @TempDir
    Path folder;

    @Test
    void aLeftoverOfAKilledWriterIsOverwritten() throws IOException {
        Path file = folder.resolve("w");
        Files.writeString(folder.resolve("w.new"), "the start of a much longer file");
        Replacement.write(file, new byte[]{1, 2});
        assertThat(file).hasBinaryContent(new byte[]{1, 2});
        assertThat(folder.toFile().list()).containsExactly("w");
    }

    @Test
    void permissionsAreThoseOfAnyNewFile() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "");
        Path file = folder.resolve("w");
        Replacement.write(file, new byte[0]);
        assertThat(Files.getAttribute(file, "posix:permissions"))
                .isEqualTo(Files.getAttribute(other, "posix:permissions"));
    }

    @Test
    void aFailureLeavesTheOldFileAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("w"), "old");
        assertThatThrownBy(() -> Replacement.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[]{1}));
            throw new IOException("disk full");
        })).hasMessage("disk full");
        assertThatThrownBy(() -> Replacement.write(file, channel -> {
            throw new IllegalStateException("wrong");
        })).hasMessage("wrong");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("w");
    }

    @Test
    void anInterruptedThreadWritesToTheEndAndKeepsItsFlag() throws IOException {
        Path file = folder.resolve("w");
        boolean[] asked = new boolean[1];
        Replacement.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[]{1}));
            if (!asked[0]) {
                asked[0] = true;
                Thread.currentThread().interrupt();
            }
            channel.write(ByteBuffer.wrap(new byte[]{2}));
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasBinaryContent(new byte[]{1, 2});
    }
}
