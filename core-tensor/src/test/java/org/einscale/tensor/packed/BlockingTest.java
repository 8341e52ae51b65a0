package org.einscale.tensor.packed;

import static org.assertj.core.api.Assertions.assertThat;

import org.einscale.tensor.profile.Caches;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockingTest {

    @ParameterizedTest
    @CsvSource({"16, 32, 48, 1024, 512, 192", "8, 16, 32, 512, 256, 192", "8, 16, 48, 1024, 384, 192",
        "8, 16, 32, 256, 256, 96", "4, 32, 64, 4096, 512, 192", "4, 16, 16, 64, 256, 24", "16, 32, 1, 1, 512, 12",
        "8, 16, 1, 1, 16, 4"})
    void fitsTheCaches(int lanes, int registers, long first, long second, int depth, int rows) {
        Profile machine = new Profile("", new Vectors(lanes, registers, lanes), new Caches(first << 10, second << 10),
                Profile.BITS_256.rates());
        assertThat(Blocking.of(machine)).isEqualTo(new Blocking(depth, rows, 1024));
    }
}
