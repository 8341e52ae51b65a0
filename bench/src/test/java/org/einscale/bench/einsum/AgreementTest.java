package org.einscale.bench.einsum;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {
    private static final EinsumCase CASE = new EinsumCase(Group.USER, "product", CallKind.EINSUM, "ij,jk->ik",
            List.of(List.of(1L, 4L), List.of(4L, 1L)), List.of());

    @ParameterizedTest
    @ValueSource(floats = {1, 1 + 1e-6f})
    void roundingIsAllowed(float found) {
        assertThatCode(() -> check(found)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(floats = {1 + 1e-5f, -1, Float.NaN})
    void differencesAreErrorsThatNameTheCase(float found) {
        assertThatIllegalStateException().isThrownBy(() -> check(found))
                .withMessageContaining("user product ij,jk->ik (1x4, 4x1): Einscale and NumPy differ");
    }

    @Test
    void lengthsMustAgree() {
        assertThatIllegalStateException().isThrownBy(() -> check(1, 1));
    }

    private static void check(float... found) {
        Map<Participant, List<float[]>> results = new EnumMap<>(Participant.class);
        results.put(Participant.EINSCALE, List.of(new float[]{1}));
        results.put(Participant.NUMPY, List.of(found));
        Agreement.check(CASE, results);
    }
}
