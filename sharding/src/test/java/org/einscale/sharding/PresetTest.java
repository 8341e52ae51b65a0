package org.einscale.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetTest {
    private static final Mesh MESH = Mesh.of("data=2, model=2, context=2");

    private static List<Preset> presets(String names) {
        return Stream.of(names.split(" ")).map(Preset::of).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data | b=data", "zero1 | b=data, optimizer.*=data",
        "zero2 | b=data, optimizer.*=data", "fsdp | b=data, parameters.*=data", "megatron | h=model, f=model",
        "sequence | h=model, f=model, l=model", "vocabulary | v=model", "expert | e=data, b=data",
        "context | l=context", "data megatron | h=model, f=model, b=data",
        "fsdp vocabulary | v=model, b=data, parameters.*=data", "megatron sequence | h=model, f=model, l=model"})
    void presetsAreTheirRules(String names, String rules) {
        assertThat(Preset.rules(MESH, List.of(), presets(names)).text()).isEqualTo(rules);
    }

    @Test
    void onesOwnRulesAreStronger() {
        assertThat(Preset.rules(MESH, Rules.of(MESH, "h=data").rules(), presets("fsdp megatron")).text())
                .isEqualTo("h=data, h=model, f=model, b=data, parameters.*=data");
    }

    @Test
    void onlyFsdpGathersParametersAnew() {
        assertThat(Stream.of(Preset.values()).filter(p -> !Preset.keepsParameters(List.of(p))))
                .containsExactly(Preset.FSDP);
        assertThat(Splitting.of(MESH, List.of(), presets("fsdp megatron context")).keepsParameters()).isFalse();
    }

    @Test
    void otherNamesAreRefused() {
        assertThatThrownBy(() -> Preset.of("zero4")).isInstanceOf(ShardingError.class).hasMessage(
                "no preset 'zero4', did you mean zero1?; there are data, zero1, zero2, fsdp, megatron, sequence, vocabulary, expert, context, pipeline");
        assertThatThrownBy(() -> Preset.rules(Mesh.of("date=2"), List.of(), presets("data")))
                .hasMessage("the mesh has no axis 'data'; it has [date]; did you mean 'date'?");
    }

    @Test
    void withoutRulesSequencesAreSharedAlongData() {
        assertThat(Splitting.of(Mesh.of("data=2"), List.of(), List.of()).rules().text()).isEqualTo("b=data");
        assertThat(Splitting.of(Mesh.of(""), List.of(), List.of()).split()).isFalse();
    }

    @Test
    void aMeshAxisThatNoRuleNamesIsRefused() {
        assertThatThrownBy(() -> Splitting.of(Mesh.of("data=2, foo=3"), List.of(), presets("data")))
                .isInstanceOf(ShardingError.class)
                .hasMessage("no rule splits anything along mesh axis 'foo', whose 3 devices would all do the same;"
                        + " expected a rule such as b=foo, or a preset along it: there are some along data, model, context and stage");
        assertThat(Splitting.of(Mesh.of("data=2, foo=1"), List.of(), presets("data")).mesh().devices()).isEqualTo(2);
    }
}
