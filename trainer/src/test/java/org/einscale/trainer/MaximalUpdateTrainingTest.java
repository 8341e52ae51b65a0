package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Sgd;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of another width than their base, trained. */
class MaximalUpdateTrainingTest {
    private static final int STEPS = 4;

    /** Losses and all states after some steps. */
    private record Trained(List<Double> losses, Map<String, double[]> states) {
        double farthest(Trained other) {
            return states.entrySet().stream().mapToDouble(state -> {
                double[] there = Objects.requireNonNull(other.states.get(state.getKey()));
                double farthest = 0;
                for (int i = 0; i < there.length; i++) {
                    farthest = Math.max(farthest, Math.abs(there[i] - state.getValue()[i]));
                }
                return farthest;
            }).max().orElseThrow();
        }
    }

    private static Trained train(String model, Optimizer optimizer, Splitting splitting) {
        TrainingSpec spec = Tiny.spec(STEPS, 0.01, Tiny.LENGTH, optimizer).over(splitting);
        try (TrainingStep step = TrainingStep.of(PreparedTraining.of(Tiny.model(model), spec, Tiny.text()))) {
            List<Double> losses = Stream.iterate(0, i -> i + 1).limit(STEPS).map(step::run).toList();
            Map<String, double[]> states = new TreeMap<>();
            step.states().arrays().forEach((name, array) -> states.put(name, array.dup('c').data().asDouble()));
            return new Trained(losses, states);
        }
    }

    private static final Optimizer ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1, 1);

    @ParameterizedTest
    @ValueSource(strings = {"dropout = 0.1", "tied = false, positions = rotary, block = [attention, swiglu]",
        "norm = rms_norm, block = [attention, moe], axes { d = 16, h = 2, e = 2 }"})
    void atTheBaseAllIsStandardBitByBit(String form) {
        for (Optimizer optimizer : List.of(ADAMW, new Sgd(0.9, true, 0.1, 1))) {
            Trained standard = train(form, optimizer, Splitting.NONE);
            Trained mup = train(form + ", parametrization { kind = mup, base-width = 16 }", optimizer, Splitting.NONE);
            assertThat(mup.losses()).isEqualTo(standard.losses());
            assertThat(mup.farthest(standard)).isZero();
            assertThat(mup.states().keySet()).isEqualTo(standard.states().keySet());
        }
    }

    /** Rates of parameters, the scale of scores and the table's part in the head are what they are whole. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=2 | fsdp | layers = 1",
        "data=2,model=2 | zero1 megatron vocabulary | layers = 1",
        "model=2 | sequence | tied = false", "stage=2 | pipeline | layers = 2",
        "data=2 | expert | block = [attention, moe], axes { d = 16, h = 2, e = 2 }"})
    void devicesTrainAsOne(String mesh, String presets, String form) {
        String model = form + ", parametrization { kind = mup, base-width = 4 }";
        Trained one = train(model, ADAMW, Splitting.NONE);
        Trained many = train(model, ADAMW, Splitting.of(Mesh.of(mesh), List.of(),
                Stream.of(presets.split(" ")).map(Preset::of).toList()));
        for (int i = 0; i < STEPS; i++) {
            assertThat(many.losses().get(i)).isCloseTo(one.losses().get(i), within(1e-4));
        }
        assertThat(train(form, ADAMW, Splitting.NONE).losses().getLast())
                .isNotCloseTo(one.losses().getLast(), within(1e-3));
    }
}
