package org.einscale.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.ProgramBuilder;
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
        "data=0 | expected at least 1", "a=2, a=2 | 'a' stands twice"})
    void refusesOtherTexts(String text, String message) {
        assertThatThrownBy(() -> Mesh.of(text)).hasMessageContaining(message);
    }

    @Test
    void rulesSplitAxesWhereverTheyOccur() {
        AxisRules rules = AxisRules.of(MESH, "b=data, h=model, f=model");
        assertThat(rules.of(ProgramBuilder.axes("b l f")).split()).containsExactly(List.of("data"), List.of(),
                List.of("model"));
        assertThat(rules.of(ProgramBuilder.axes("h f")).split()).as("a mesh axis serves once")
                .containsExactly(List.of("model"), List.of());
    }

    @Test
    void rulesNameTheNearestMeshAxis() {
        assertThatThrownBy(() -> AxisRules.of(MESH, "b=dat")).hasMessageContaining("did you mean 'data'?");
        assertThatThrownBy(() -> AxisRules.of(MESH, "b=data+dat")).as("which the rule has already")
                .hasMessageEndingWith("it has [data, model]");
        assertThatThrownBy(() -> AxisRules.of(MESH, "b")).hasMessageContaining("expected AXIS=MESH_AXIS");
    }

    @Test
    void partsAreEvenOrRefused() {
        Sharding sharding = new Sharding(List.of(List.of("model"), List.of("data")), Set.of());
        assertThat(sharding.localSizes(new int[]{6, 4}, MESH)).containsExactly(2, 2);
        assertThat(sharding.start(new int[]{6, 4}, MESH, 5)).containsExactly(4, 2);
        assertThatThrownBy(() -> sharding.localSizes(new int[]{5, 4}, MESH))
                .hasMessageContaining("size 5 does not split evenly over the 3 devices");
        assertThatThrownBy(() -> new Sharding(List.of(List.of("data"), List.of("data")), Set.of()))
                .hasMessageContaining("splits a tensor twice");
    }
}
