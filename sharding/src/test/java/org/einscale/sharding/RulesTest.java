package org.einscale.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    private static final Mesh MESH = Mesh.of("data=2, model=3");
    private static final Sizes SIZES = Sizes
            .of(Map.of("b", 8, "l", 6, "d", 12, "f", 48, "h", 3, "v", 7, "g", 2, "o", 1));

    private static Value value(String name, String axes) {
        return new Value(0, name, ProgramBuilder.axes(axes));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"b=data, h=model, f=model | b l f | [data * model]",
        "b=data, h=model, f=model | h f | [model *]", "f=model, h=model | h f | [* model]",
        "b=data+model | b l | [data+model *]", "b=model+data | b l | [model+data *]",
        "b=data, x.l=model | b l | [data model]", "b=data, y.l=model | b l | [data *]",
        "x.l=data, b=data | b l | [* data]", "parameters.d=data | d f | [* *]"})
    void splitAxesWhereverTheyOccur(String rules, String axes, String sharding) {
        assertThat(Rules.of(MESH, rules).of(value("x", axes), SIZES)).hasToString(sharding);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"parameters.d=data | d f | [data *]", "parameters.*=data | d f | [* data]",
        "parameters.*=model | v d | [* model]", "parameters.*=model | v g | [model *]", "parameters.*=data | o | [*]",
        "f=model, parameters.*=data | d f | [data model]", "optimizer.*=data | d f | [* *]"})
    void parametersMayHaveRulesOfTheirOwn(String rules, String axes, String sharding) {
        assertThat(Rules.of(MESH, rules).ofParameter(value("w", axes), SIZES)).hasToString(sharding);
    }

    @Test
    void statesOfAnOptimizerFollowTheirParametersUnlessTold() {
        assertThat(Rules.of(MESH, "parameters.d=data").ofOptimizerState(value("m", "d f"), SIZES))
                .hasToString("[data *]");
        assertThat(Rules.of(MESH, "optimizer.f=model").ofOptimizerState(value("m", "d f"), SIZES))
                .hasToString("[* model]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"b=dat | did you mean 'data'?", "b | expected AXIS=MESH_AXIS",
        "=data | expected AXIS=MESH_AXIS", "b=data, b=model | 'b' stands twice",
        "b=data+dat | it has [data, model]"})
    void otherTextsAreRefused(String rules, String message) {
        assertThatThrownBy(() -> Rules.of(MESH, rules)).hasMessageContaining(message);
    }

    @Test
    void aRuleThatCannotHoldIsRefusedByName() {
        assertThatThrownBy(() -> Rules.of(MESH, "g=model").of(value("keys", "b g"), SIZES)).hasMessage(
                "rule g=model: axis 'g' of keys [b g] has 2 elements for the 3 devices along model; expected at least one"
                        + " each: make that side of the mesh smaller, or give the rule to another axis");
    }

    @Test
    void aMeshAxisSplitsOneAxisOfATensor() {
        assertThatThrownBy(() -> new Sharding(List.of(List.of("data"), List.of("data")))).hasMessage(
                "mesh axis 'data' is used twice in [data data]; a mesh axis splits at most one axis of a tensor");
        assertThatThrownBy(() -> new Sharding(List.of(List.of("data")), new TreeSet<>(List.of("data"))))
                .hasMessageContaining("used twice in [data] sum over data");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=4 | data | 5 | 2 1 1 1", "data=8 | data | 17 | 3 2 2 2 2 2 2 2",
        "data=2,model=2 | data+model | 6 | 2 1 2 1", "data=8 | data | 2 | 1 0 0 0 1 0 0 0",
        "data=2,model=2 | data+model | 5 | 2 1 1 1", "data=2,model=2 | model+data | 5 | 2 1 1 1"})
    void partsDifferByOneElementAtMost(String mesh, String over, int size, String sizes) {
        Mesh devices = Mesh.of(mesh);
        List<List<String>> split = List.of(List.of(over.split("\\+")));
        List<Integer> found = devices.group(0, split.getFirst()).stream()
                .map(d -> Block.of(devices, d, split, new int[]{size}).sizes()[0]).toList();
        assertThat(found.stream().map(String::valueOf)).containsExactly(sizes.split(" "));
    }

    /** What several mesh axes share is, for each position along the first, what that alone gives. */
    @Test
    void partsOfPartsArePartsOfTheWhole() {
        for (int size = 0; size < 40; size++) {
            for (int p = 1; p < 5; p++) {
                for (int q = 1; q < 5; q++) {
                    for (int i = 0; i < p; i++) {
                        assertThat(Block.start(size, p * q, i * q)).isEqualTo(Block.start(size, p, i));
                    }
                }
            }
        }
    }
}
