package org.einscale.tensor.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = folder.resolve("machine.json");
        ProfileFile.write(file, Profile.BITS_256);
        assertThat(ProfileFile.read(file)).contains(Profile.BITS_256);
        ProfileFile.write(file, Profile.BITS_512);
        assertThat(ProfileFile.read(file)).contains(Profile.BITS_512);
    }

    @Test
    void noFileIsNoProfile() throws IOException {
        assertThat(ProfileFile.read(folder.resolve("none.json"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no", "[1]", "{}", "{}}", "{\"processor\": \"x\", \"lanes\": 3}",
        "{\"processor\": \"x\", \"rates\": {\"sgemm\": -1}}"})
    void anotherFileIsNamed(String content) throws IOException {
        Path file = folder.resolve("other.json");
        Files.writeString(file, content);
        assertThatThrownBy(() -> ProfileFile.read(file)).isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": not the profile of a machine")
                .hasMessageEndingWith("delete it to have the machine measured again");
    }
}
