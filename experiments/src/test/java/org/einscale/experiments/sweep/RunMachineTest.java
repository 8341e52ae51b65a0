package org.einscale.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.einscale.experiments.UserError;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMachineTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aRunKeepsTheMachineThatItBeganOn() {
        Path file = folder.resolve("machine.json");
        assertThat(RunMachine.of(file, () -> Profile.BITS_256)).isEqualTo(Profile.BITS_256);
        assertThat(RunMachine.of(file, () -> {
            throw new AssertionError("measured again");
        })).isEqualTo(Profile.BITS_256);
    }

    @Test
    void aDamagedProfileIsNamed() throws IOException {
        Path file = folder.resolve("machine.json");
        Files.writeString(file, "{}}");
        assertThatThrownBy(() -> RunMachine.of(file, () -> Profile.BITS_256)).isInstanceOf(UserError.class)
                .hasMessageStartingWith(file + ": not the profile of a machine");
    }
}
