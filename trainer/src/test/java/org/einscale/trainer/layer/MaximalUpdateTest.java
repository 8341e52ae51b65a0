package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Value;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Sgd;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What becomes of each parameter as the width grows. */
class MaximalUpdateTest {
    private static final String BASE = ", parametrization { kind = mup, base-width = 8 }";

    private static Model model(String spec, String layers) {
        return ModelSpec.of(ConfigFactory.parseString(spec), ConfigFactory.parseString(layers)).build(2, 3, 5, true, 1);
    }

    private static Parameter parameter(Model model, String name) {
        return model.parameters().stream().filter(parameter -> parameter.value().name().equals(name)).findFirst()
                .orElseThrow();
    }

    private static double std(Model model, String name) {
        return ((Initialiser.Normal) parameter(model, name).initialiser()).std();
    }

    /** Four times as wide. Hidden matrices grow on both sides, heads and routers in fan-in alone, all else in fan-out alone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"embedding.tokens | 1 | 4", "embedding.positions | 1 | 4",
        "block.0.norm.gain | 1 | 4", "block.0.norm.bias | 1 | 4", "block.0.attention.q | 4 | 4",
        "block.0.attention.o | 4 | 4", "block.0.swiglu.gate | 4 | 4", "block.0.swiglu.down | 4 | 4",
        "block.0.moe.router | 4 | 1", "block.0.moe.up | 4 | 4", "block.0.moe.down | 4 | 4", "head.out | 4 | 1"})
    void theShippedLayersGrow(String name, double in, double out) {
        Model model = model(
                "axes { d = 32, h = 2, f = 64 }, layers = 1, tied = false, block = [attention, swiglu, moe],"
                        + " parametrization { kind = mup, base-width = 8, base-axes { f = 16 } }",
                "");
        assertThat(parameter(model, name).growth()).isEqualTo(new Growth(in, out));
    }

    @Test
    void headsThatGrowInNumberCountAsTheirWidthDoes() {
        Model model = model("axes { d = 32, h = 8 }, layers = 1, parametrization { kind = mup, base-width = 8,"
                + " base-axes.h = 2 }", "");
        assertThat(parameter(model, "block.0.attention.q").growth()).isEqualTo(new Growth(4, 4));
        assertThat(parameter(model, "block.0.attention.o").growth()).isEqualTo(new Growth(4, 4));
    }

    private static final String MINE = """
            mine {
              sizes { f = "2 * d", w = "2 * f" }
              parameters {
                a = "d r", b = "r f", pair { axes = "d w", init = normal, std = 0.5 }, bias { axes = "f", init = zeros }
                last = "f d"
              }
              steps = [
                "low   = einsum('b l d, d r, r f -> b l f', x, a, b)"
                "left  = einsum('b l d, d f -> b l f', x, slice(pair, 'w = f + f', 0)) + bias"
                "y     = einsum('b l f, f d -> b l d', low * left, last)"
              ]
            }""";

    /** A product of low rank in one einsum, a matrix of which a part is read, a bias. */
    @Test
    void layersInTextGrowAsTheirAxesSay() {
        Model model = model("axes { d = 32, h = 2, r = 3 }, layers = 1, block = [mine]" + BASE, MINE);
        Map<String, Growth> growth = model.parameters().stream().filter(p -> p.value().name().contains("mine"))
                .collect(Collectors.toMap(p -> p.value().name().replace("block.0.mine.", ""), Parameter::growth));
        assertThat(growth).containsOnly(Map.entry("a", new Growth(4, 1)), Map.entry("b", new Growth(1, 4)),
                Map.entry("pair", new Growth(4, 4)), Map.entry("bias", new Growth(1, 4)),
                Map.entry("last", new Growth(4, 4)));
    }

    /** Hidden matrices as 1 / sqrt(fan-in), outputs as 1 / fan-in, tables as they were. */
    @Test
    void deviationsFollowTheFanIn() {
        Model model = model("axes { d = 32, h = 2, r = 3 }, layers = 1, tied = false, block = [attention, mine]" + BASE,
                MINE);
        assertThat(std(model, "embedding.tokens")).isEqualTo(0.02);
        assertThat(std(model, "block.0.attention.q")).isCloseTo(1 / Math.sqrt(32), within(1e-15));
        assertThat(std(model, "block.0.mine.pair")).isEqualTo(0.25);
        assertThat(std(model, "block.0.mine.a")).isCloseTo(1 / Math.sqrt(8 * 3) / 4, within(1e-15));
        assertThat(std(model, "block.0.mine.b")).isCloseTo(1 / Math.sqrt(3), within(1e-15));
        assertThat(std(model, "head.out")).isEqualTo(0.02 / 4);
        assertThat(parameter(model, "block.0.attention.o").initialiser()).isEqualTo(Initialiser.zeros());
        assertThat(parameter(model, "norm.gain").initialiser()).isEqualTo(Initialiser.ones());
    }

    /** Four times as wide, k is four times as large: scores are half of those of 1 / sqrt(k). */
    @Test
    void attentionScoresGoAsOneOverTheWidthOfAHead() {
        assertThat(block("axes { d = 32, h = 2 }", BASE, "scores")).isEqualTo(
                block("axes { d = 32, h = 2 }", "", "scores").mul(0.5));
        assertThat(block("axes { d = 32, h = 8 }", ", parametrization { kind = mup, base-width = 8, base-axes.h = 2 }",
                "scores")).isEqualTo(block("axes { d = 32, h = 8 }", "", "scores"));
    }

    /** The head reads a quarter of the table; the embedding all of it. */
    @Test
    void aTableThatIsTheHeadTooIsDividedThere() {
        Model standard = model("axes { d = 32, h = 2 }, layers = 1", "");
        Model mup = model("axes { d = 32, h = 2 }, layers = 1" + BASE, "");
        assertThat(new Interpreted(mup).run(mup.logits()))
                .isEqualTo(new Interpreted(standard).run(standard.logits()).mul(0.25));
    }

    private static INDArray block(String axes, String parametrization, String value) {
        Model model = model(axes + ", layers = 1" + parametrization, "");
        Value found = model.program().values().stream()
                .filter(each -> each.name().equals("block.0.attention." + value)).findFirst().orElseThrow();
        return Objects.requireNonNull(new Interpreted(model).run(model.program().only(found)).get(found));
    }

    /** A step moves each parameter as one of a plain model does at the rate that the parameter's growth asks for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStepIsThatOfAPlainModelAtTheParametersOwnRate(boolean adam) {
        Optimizer optimizer = adam ? new AdamW(0.9, 0.95, 1e-8, 0, 1) : new Sgd(0.9, true, 0, 1);
        Model mup = model("axes { d = 32, h = 2, e = 4 }, layers = 1, tied = false, block = [attention, moe]" + BASE,
                "");
        Model plain = new Model(mup.program(), mup.sizes(), mup.tokens(), mup.targets(), mup.dropoutStep(),
                mup.logits(), mup.loss(), mup.parameters().stream()
                        .map(p -> new Parameter(p.value(), p.initialiser(), p.embedding())).toList());
        Map<Value, INDArray> found = trained(mup, optimizer, 0.01);
        for (Parameter parameter : mup.parameters()) {
            Growth growth = parameter.growth();
            double factor = adam ? 1 / growth.in() : growth.out() / growth.in();
            INDArray expected = Objects.requireNonNull(
                    trained(plain, optimizer, 0.01 * factor).get(parameter.value()));
            assertThat(Objects.requireNonNull(found.get(parameter.value())).sub(expected).amaxNumber().doubleValue())
                    .as(parameter.value().name()).isLessThan(1e-14);
        }
    }

    /** Parameters after one step. */
    private static Map<Value, INDArray> trained(Model model, Optimizer optimizer, double rate) {
        TrainingProgram training = TrainingProgram.of(model, optimizer);
        Interpreted trial = new Interpreted(model).noisy();
        trial.startAtZero(training.program());
        trial.put(training.learningRate(), Nd4j.scalar(rate));
        trial.put(training.step(), Nd4j.scalar(1.0));
        trial.train(training.program());
        return model.parameters().stream().map(Parameter::value).collect(Collectors.toMap(v -> v, trial::get));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kind = mub | model.parametrization.kind: expected standard or mup, found \"mub\"; did you mean mup?",
        "kind = mup | model.parametrization.base-width: missing; expected a whole number of at least 1",
        "kind = mup, base-width = 0 | model.parametrization.base-width: expected a whole number of at least 1, found 0",
        "kind = mup, base-with = 8 | model.parametrization.base-with: no such setting; did you mean model.parametrization.base-width?",
        "kind = mup, base-width = 8, base-axes.d = 8 | model.parametrization.base-axes.d: is base-width; set that in its place",
        "kind = mup, base-width = 8, base-axes.hh = 8 | model.parametrization.base-axes.hh: expected an axis that model.axes gives (h); sizes that follow from others need none; did you mean h?",
        "kind = mup, base-width = 9 | model.parametrization: there is no model at the base, d = 9; expected another, such as base-width = 8: "})
    void mistakesNameTheNearestFix(String parametrization, String problem) {
        assertThatThrownBy(
                () -> model("axes { d = 32, h = 2 }, layers = 1, parametrization { " + parametrization + " }", ""))
                .hasMessageStartingWith(problem);
    }
}
