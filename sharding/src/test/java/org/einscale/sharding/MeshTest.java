package org.einscale.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshTest {
    private static final Mesh MESH = Mesh.of("data=2, model=3");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | data | 0", "2 | model | 2", "3 | data | 1", "4 | model | 1",
        "5 | data model | 5", "5 | model data | 5",
        "2 | model data | 4"})
    void devicesStandOnTheGridRowByRow(int device, String along, int position) {
        assertThat(MESH.position(device, List.of(along.split(" ")))).isEqualTo(position);
    }

    @Test
    void countsDevices() {
        assertThat(MESH.devices()).isEqualTo(6);
        assertThat(Mesh.of("").devices()).isEqualTo(1);
        assertThat(MESH.devices(List.of("model"))).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data | expected NAME=SIZE", "data=x | found 'data=x'",
        "data=0 | expected at least 1", "=2 | expected NAME=SIZE", "a+b=2 | expected NAME=SIZE",
        "a=2, a=2 | 'a' stands twice"})
    void refusesOtherTexts(String text, String message) {
        assertThatThrownBy(() -> Mesh.of(text)).hasMessageContaining(message);
    }

    @Test
    void groupsAreInTheOrderOfTheirAxes() {
        assertThat(MESH.group(4, List.of("model"))).containsExactly(3, 4, 5);
        assertThat(MESH.group(4, List.of("data"))).containsExactly(1, 4);
        assertThat(MESH.group(4, List.of("model", "data"))).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(MESH.group(4, List.of())).containsExactly(4);
    }
}
