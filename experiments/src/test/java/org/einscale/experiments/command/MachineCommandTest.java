package org.einscale.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.einscale.tensor.profile.Vectors;
import org.junit.jupiter.api.Test;

class MachineCommandTest {
    private static final Vectors NARROW_BLAS = new Vectors(16, 32, 8);

    @Test
    void whatNarrowsBlasIsNamed() {
        assertThat(MachineCommand.narrowed("Haswell", NARROW_BLAS)).hasValue(
                "BLAS uses 8 of 16 lanes, as the environment says OPENBLAS_CORETYPE=Haswell; without it, it chooses by the processor");
    }

    @Test
    void nothingIsSaidWhereTheEnvironmentDoesNotNarrowIt() {
        assertThat(MachineCommand.narrowed(null, NARROW_BLAS)).isEmpty();
        assertThat(MachineCommand.narrowed("SkylakeX", new Vectors(16, 32, 16))).isEmpty();
        assertThat(MachineCommand.narrowed("Haswell", new Vectors(8, 16, 8))).isEmpty();
    }
}
