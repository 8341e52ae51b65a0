package org.einscale.tensor.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileTest {

    @Test
    void isTypicalOfTheVectorsOfBothTheKernelsAndBlas() {
        Profile mixed = Profile.typical(new Vectors(16, 32, 8), false);
        assertThat(mixed.rates().packed()).isEqualTo(Profile.BITS_512.rates().packed());
        assertThat(mixed.rates().sgemm()).isEqualTo(Profile.BITS_256.rates().sgemm());
        assertThat(mixed.rates().unpackedSgemm()).isZero();
        assertThat(Profile.typical(new Vectors(16, 32, 16), true)).isEqualTo(Profile.BITS_512);
        assertThat(Profile.typical(new Vectors(8, 16, 8), false)).isEqualTo(Profile.BITS_256);
        assertThat(Profile.typical(new Vectors(4, 16, 4), false)).isEqualTo(Profile.BITS_128);
    }

    @Test
    void withoutVectorsOnlyBlasIsFast() {
        Profile plain = Profile.typical(new Vectors(1, 16, 16), true);
        assertThat(plain.vectorised()).isFalse();
        assertThat(plain.rates().sgemm()).isEqualTo(Profile.BITS_512.rates().sgemm());
    }
}
