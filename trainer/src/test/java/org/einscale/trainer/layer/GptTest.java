package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The GPT that ships, in all its forms, on sizes small enough for finite differences. */
class GptTest {
    private static final String TINY = "axes { d = 4, h = 2 }, layers = 1";

    static ModelSpec spec(String model) {
        Config config = ConfigFactory.parseString(model);
        return ModelSpec.of(config, ConfigFactory.empty());
    }

    static Model tiny(String model, boolean training) {
        return spec(TINY + ", " + model).build(2, 3, 5, training, 1);
    }

    static Stream<String> forms() {
        return Stream.of("layer_norm", "rms_norm")
                .flatMap(norm -> Stream.of("mlp", "swiglu", "moe").flatMap(mlp -> Stream
                        .of("learned", "rotary", "none")
                        .flatMap(positions -> Stream.of("true", "false")
                                .map(tied -> "norm = " + norm + ", block = [attention, "
                                        + mlp + "], positions = " + positions + ", tied = " + tied))));
    }

    static Stream<String> formsByPairs() {
        return Stream.of("", "tied = false, positions = rotary, norm = rms_norm, block = [attention, swiglu]",
                "positions = none, block = [attention, swiglu]", "axes { e = 2, f = 5 }, block = [attention, moe]",
                "norm = rms_norm, tied = false", "dropout = 0.3",
                "layers = 2, axes { k = 6, f = 3 }, positions = rotary",
                "block = [\"x = x + attention(norm(x)) + mlp(norm(x))\"]", "block = []", "layers = 0");
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("formsByPairs")
    void gradientAgreesWithFiniteDifferences(String form) {
        List<Interpreted.Slopes> slopes = new Interpreted(tiny(form, true)).noisy().slopes();
        assertThat(slopes).allSatisfy(s -> assertThat(s.pass()).as(s.element()).isCloseTo(s.difference(),
                within(1e-7 + 1e-5 * Math.abs(s.difference()))));
        assertThat(slopes).anySatisfy(s -> assertThat(Math.abs(s.pass())).isGreaterThan(1e-3));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void laterTokensDoNotChangeEarlierLogits(String form) {
        Model model = tiny(form, false);
        Interpreted trial = new Interpreted(model).noisy();
        INDArray before = trial.run(model.logits()).dup();
        INDArray tokens = trial.get(model.tokens());
        tokens.putScalar(0, 2, (tokens.getDouble(0, 2) + 1) % 5);
        INDArray after = trial.run(model.logits());
        for (int v = 0; v < 5; v++) {
            assertThat(after.getDouble(0, 0, v)).isEqualTo(before.getDouble(0, 0, v));
            assertThat(after.getDouble(0, 1, v)).isEqualTo(before.getDouble(0, 1, v));
            assertThat(after.getDouble(0, 2, v)).isNotEqualTo(before.getDouble(0, 2, v));
        }
    }

    /** Logits start with a standard deviation of 0.02 sqrt(16) = 0.08, so the mean over 12 tokens is off by about 0.02. */
    @ParameterizedTest
    @MethodSource("formsByPairs")
    void untrainedLossIsThatOfAGuess(String form) {
        Model model = spec("axes { d = 16, h = 2 }, layers = 2, " + form).build(2, 6, 50, true, 1);
        assertThat(new Interpreted(model).loss()).isCloseTo(Math.log(50), within(0.1));
    }

    @Test
    void parametersCountAsThePapersFormulasSay() {
        int d = 24;
        int l = 7;
        int v = 11;
        int layers = 3;
        long blocks = layers * (4L * d * d + 8L * d * d + 4L * d) + 2L * d;
        Model tied = spec("axes { d = 24, h = 4 }, layers = 3").build(2, l, v, true, 1);
        assertThat(tied.nonEmbeddingParameterCount()).isEqualTo(blocks);
        assertThat(tied.parameterCount()).isEqualTo(blocks + (long) v * d + (long) l * d);

        Model untied = spec("axes { d = 24, h = 4 }, layers = 3, tied = false").build(2, l, v, true, 1);
        assertThat(untied.nonEmbeddingParameterCount()).isEqualTo(blocks);
        assertThat(untied.parameterCount()).isEqualTo(blocks + 2L * v * d + (long) l * d);

        Model llama = spec("axes { d = 24, h = 4 }, layers = 3, tied = false, norm = rms_norm, positions = rotary,"
                + " block = [attention, swiglu]").build(2, l, v, true, 1);
        long f = 64;
        assertThat(llama.nonEmbeddingParameterCount()).isEqualTo(layers * (4L * d * d + 3 * d * f + 2L * d) + d);
        assertThat(llama.parameterCount() - llama.nonEmbeddingParameterCount()).isEqualTo(2L * v * d);
    }

    @Test
    void parametersAreNamedAfterTheirPlace() {
        Model model = tiny("tied = false", true);
        assertThat(model.parameters().stream().map(p -> p.value().toString().replaceAll("#\\d+", " "))).containsExactly(
                "embedding.tokens [v d]", "embedding.positions [l d]", "block.0.norm.gain [d]", "block.0.norm.bias [d]",
                "block.0.attention.q [d h k]", "block.0.attention.k [d h k]", "block.0.attention.v [d h k]",
                "block.0.attention.o [h k d]", "block.0.norm_2.gain [d]", "block.0.norm_2.bias [d]",
                "block.0.mlp.up [d f]",
                "block.0.mlp.down [f d]", "norm.gain [d]", "norm.bias [d]", "head.out [d v]");
    }

    @Test
    void matricesStartByTheirFanInAndBranchesAtNothing() {
        Model model = spec("axes { d = 16, h = 2, k = 4 }, layers = 2").build(2, 3, 5, true, 1);
        assertThat(std(model, "embedding.tokens")).isEqualTo(0.02);
        assertThat(std(model, "embedding.positions")).isEqualTo(0.02);
        assertThat(std(model, "block.0.attention.q")).isEqualTo(1 / Math.sqrt(16));
        assertThat(std(model, "block.1.mlp.up")).isEqualTo(1 / Math.sqrt(16));
        assertThat(start(model, "block.1.attention.o")).isEqualTo(Initialiser.zeros());
        assertThat(start(model, "block.1.mlp.down")).isEqualTo(Initialiser.zeros());
    }

    @Test
    void residualScaleDividesByTheRootOfTheNumberOfBranches() {
        Model model = ModelSpec
                .of(ConfigFactory.parseString("axes { d = 16, h = 2, f = 64 }, layers = 2, block = [attention, mine]"),
                        ConfigFactory.parseString(
                                """
                                        mine {
                                          parameters { up = "d f", down { axes = "f d", scale = residual } }
                                          steps = ["y = einsum('b l f, f d -> b l d', einsum('b l d, d f -> b l f', x, up), down)"]
                                        }
                                        """))
                .build(2, 3, 5, true, 1);
        assertThat(std(model, "block.1.mine.up")).isEqualTo(1 / Math.sqrt(16));
        assertThat(std(model, "block.1.mine.down")).isCloseTo(1 / Math.sqrt(64) / Math.sqrt(4), within(1e-15));
    }

    private static double std(Model model, String parameter) {
        return ((Initialiser.Normal) start(model, parameter)).std();
    }

    private static Initialiser start(Model model, String parameter) {
        return model.parameters().stream().filter(p -> p.value().name().equals(parameter)).findFirst().orElseThrow()
                .initialiser();
    }

    @Test
    void dropoutActsInTrainingOnlyAndDiffersFromStepToStep() {
        Model evaluating = tiny("dropout = 0.5", false);
        assertThat(evaluating.dropoutStep()).isEmpty();
        assertThat(new Interpreted(evaluating).loss()).isEqualTo(new Interpreted(tiny("dropout = 0", true)).loss());

        Model training = tiny("dropout = 0.5", true);
        Interpreted trial = new Interpreted(training).noisy();
        double third = trial.loss();
        assertThat(trial.loss()).isEqualTo(third);
        trial.put(training.dropoutStep().orElseThrow(), Nd4j.scalar(4.0));
        assertThat(trial.loss()).isNotEqualTo(third);
    }

    /** Su et al. 2021: the product of a turned query and a turned key depends on how far apart they stand, not where. */
    @Test
    void rotaryScoresDependOnRelativePositionOnly() {
        ProgramBuilder builder = new ProgramBuilder();
        Value q = builder.input("q", "h k");
        Value k = builder.input("k", "h k");
        LayerCompiler compiler = new LayerCompiler(builder, Layers.shipped(), Sizes.of(Map.of()),
                new LayerCompiler.Dropout(0, false, 1));
        Layer turned = Layer.named("scores").inputs("q", "k")
                .step("y = einsum('h k l, h k m -> l m', rotary(q + 0 * iota('l')), rotary(k + 0 * iota('l')))");
        Value scores = compiler.apply(turned, "s", List.of(Pending.of(q), Pending.of(k))).value(builder, "scores");
        builder.output(scores);
        Map<Value, INDArray> values = Interpreter.run(builder.build(), Sizes.of(Map.of("h", 1, "k", 4, "l", 6)),
                Map.of(q, Nd4j.create(new double[][]{{1, 2, 3, 4}}), k, Nd4j.create(new double[][]{{-1, 5, 2, 1}})))
                .values();
        INDArray y = Objects.requireNonNull(values.get(scores));
        for (int i = 1; i < 6; i++) {
            for (int j = 1; j < 6; j++) {
                assertThat(y.getDouble(i, j)).isCloseTo(y.getDouble(i - 1, j - 1), within(1e-12));
            }
        }
        assertThat(y.getDouble(2, 1)).isNotCloseTo(y.getDouble(3, 1), within(1e-3));
    }
}
