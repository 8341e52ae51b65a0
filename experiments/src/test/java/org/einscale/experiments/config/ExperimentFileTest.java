package org.einscale.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.einscale.experiments.UserError;
import org.einscale.trainer.config.SettingError;
import org.einscale.trainer.layer.Parametrization;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Sgd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentFileTest {
    @TempDir
    private Path folder = Path.of("");

    private static String source(Settings settings) {
        return ((Settings.Text) settings.data()).source();
    }

    @Test
    void theReferenceAloneIsAnExperiment() throws IOException {
        Settings settings = read("").settings();

        assertThat(settings.seed()).isEqualTo(1);
        assertThat(source(settings)).isEqualTo(Settings.Text.WORDNET);
        assertThat(settings.model().spec().axes()).isEqualTo(Map.of("d", 64, "h", 4));
        assertThat(settings.model().spec().block()).containsExactly("attention", "mlp");
        assertThat(settings.training().schedule().kind()).isEqualTo(Settings.ScheduleKind.COSINE);
        assertThat(settings.training().budget()).isEqualTo(new Budget.Tokens(1_000_000));
    }

    @Test
    void overridesWinOverTheFileWhichWinsOverTheReference() throws IOException {
        Experiment experiment = read("seed = 2, training { batch = 4, length = 32 }", "training.batch=16",
                "model.tied=false", "data.source=C:\\texts", "training.schedule={ kind = wsd }");

        assertThat(experiment.name()).isEqualTo("small");
        assertThat(experiment.settings().seed()).isEqualTo(2);
        assertThat(experiment.settings().training().batch()).isEqualTo(16);
        assertThat(experiment.settings().training().length()).isEqualTo(32);
        assertThat(experiment.settings().model().spec().tied()).isFalse();
        assertThat(source(experiment.settings())).isEqualTo("C:\\texts");
        assertThat(experiment.settings().training().schedule().kind()).isEqualTo(Settings.ScheduleKind.WSD);
    }

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource(delimiter = '|', textBlock = """
            steps = 10                | batch=4                 | Steps[count=10]
            steps = 10                | tokens=2048             | Tokens[count=2048]
            tokens = 10               | steps=3                 | Steps[count=3]
            flops = 1e12              | tokens=2048             | Tokens[count=2048]
            tokens-per-parameter = 20 | flops=2e9               | Flops[count=2.0E9]
            flops = 1e12              | tokens-per-parameter=20 | TokensPerParameter[count=20.0]
            """)
    void waysToSayALengthReplaceOneAnother(String file, String override, String budget) throws IOException {
        Experiment experiment = read("training." + file, "training." + override);
        assertThat(experiment.settings().training().budget()).hasToString(budget);
        assertThat(read(experiment.resolved().root().render(ConfigRenderOptions.concise())).settings())
                .isEqualTo(experiment.settings());
    }

    @Test
    void eachSizeOverridesAxesModelTrainingOrAnySetting() throws IOException {
        List<Rung> ladder = read("""
                sweep.sizes = [
                  { d = 32, h = 2, layers = 2 }
                  { d = 128, model.axes.f = 200, tokens = 4e6, optimizer.beta2 = 0.99, seed = 3, name = wide }
                ]
                """).ladder();

        assertThat(ladder).extracting(Rung::name).containsExactly("d32-h2-layers2", "wide");
        Settings narrow = ladder.getFirst().settings();
        assertThat(narrow.model().spec().axes()).isEqualTo(Map.of("d", 32, "h", 2));
        assertThat(narrow.model().spec().layers()).isEqualTo(2);
        Settings wide = ladder.getLast().settings();
        assertThat(wide.model().spec().axes()).isEqualTo(Map.of("d", 128, "f", 200, "h", 4));
        assertThat(wide.training().budget()).isEqualTo(new Budget.Tokens(4_000_000));
        assertThat(wide.training().optimizer()).isEqualTo(new AdamW(0.9, 0.99, 1e-8, 0.1, 1));
        assertThat(wide.seed()).isEqualTo(3);
    }

    @Test
    void sizesShareABaseWithItsOtherAxes() throws IOException {
        List<Rung> ladder = read("""
                model.parametrization { kind = mup, base-width = 32, base-axes.h = 2 }
                sweep { zip { d = [32, 64], h = [2, 4] }, grid { parametrization.kind = [standard, mup] } }
                """).ladder();

        Parametrization mup = new Parametrization.MaximalUpdate(new TreeMap<>(Map.of("d", 32, "h", 2)));
        assertThat(ladder).extracting(rung -> rung.settings().model().spec().parametrization())
                .containsExactly(new Parametrization.Standard(), new Parametrization.Standard(), mup, mup);
    }

    @Test
    void theOptimizerIsChosenByItsKind() throws IOException {
        assertThat(read("training.optimizer { kind = sgd, nesterov = false, clip = 0 }").settings().training()
                .optimizer()).isEqualTo(new Sgd(0.9, false, 0.1, Double.POSITIVE_INFINITY));
    }

    @Test
    void anAxisIsUsedWhereALayerOrARuleNamesIt() throws IOException {
        Settings settings = read("""
                model { axes { f = 12, half = 3, h = 2 }, block = [mlp, mine] }
                layers.mine {
                  sizes { q = "2 * half" }
                  parameters { up = "d q", down = "q d" }
                  steps = ["z = einsum('b l d, d q -> b l q', x, up)", "y = einsum('b l q, q d -> b l d', z, down)"]
                }
                """).settings();
        assertThat(settings.model().spec().axes()).containsKeys("f", "half", "h");
    }

    @Test
    void layersOfTheUsersOwnArePassedOnAndMayBeNamedInTheBlock() throws IOException {
        Settings settings = read("""
                layers.gated { parameters { gate = "d d" }, steps = ["y = einsum('b l d, d d -> b l d', x, gate)"] }
                model.block = [attention, gated]
                """).settings();

        assertThat(settings.model().layers().getString("gated.parameters.gate")).isEqualTo("d d");
        assertThat(settings.model().spec().block()).containsExactly("attention", "gated");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            sed = 1                                 | FILE:1: sed: no such setting; did you mean seed?
            training.lenght = 1                     | FILE:1: training.lenght: no such setting; did you mean training.length?
            training { length = 2, lenght = 1 }     | FILE:1: training.lenght: no such setting
            training.lenght = long                  | FILE:1: training.lenght: no such setting
            training.lenght { a = 1 }               | FILE:1: training.lenght: no such setting
            training.lenght = null                  | FILE:1: training.lenght: no such setting
            training.lenght = 1, zeed = x           | FILE:1: training.lenght: no such setting; did you mean training.length?
            training { tokens = 9, step = 8 }       | FILE:1: training.step: no such setting
            trainin { length = 1 }, training.batch = 2 | FILE:1: trainin: no such setting; did you mean training?
            trainin { batch = 1 }, training.batch = 2 | FILE:1: trainin: no such setting
            training.optimizer.beta3 = 0.5          | FILE:1: training.optimizer.beta3: no such setting; did you mean training.optimizer.beta1?
            training.optimizer { beta1 = 0.5, beta3 = 0.5 } | FILE:1: training.optimizer.beta3: no such setting; did you mean training.optimizer.beta2?
            training.optimizer.beta3 = 1            | FILE:1: training.optimizer.beta3: no such setting
            training.optimizer.momentun = 0.5       | FILE:1: training.optimizer.momentun: no such setting
            training.optimizer { kind = sgd, momentun = 0.5 } | FILE:1: training.optimizer.momentun: no such setting; did you mean training.optimizer.momentum?
            training.optimizer.momentum = 0.5       | FILE:1: training.optimizer.momentum: has no effect with kind = adamw, only with sgd; remove it, or set training.optimizer.kind to sgd
            training.optimizer { beta1 = 0.5, nesterov = true } | FILE:1: training.optimizer.nesterov: has no effect with kind = adamw, only with sgd; remove it
            training.optimizer { kind = sgd, beta2 = 0.5 } | FILE:1: training.optimizer.beta2: has no effect with kind = sgd, only with adamw; remove it, or set training.optimizer.kind to adamw
            training.schedule.decay = 0.3           | FILE:1: training.schedule.decay: has no effect with kind = cosine, only with wsd; remove it, or set training.schedule.kind to wsd
            training.schedule.decay = 3             | FILE:1: training.schedule.decay: has no effect with kind = cosine, only with wsd; remove it
            training.schedule { kind = constant, minimum = 0 } | FILE:1: training.schedule.minimum: has no effect with kind = constant, only with cosine or wsd; remove it, or set training.schedule.kind to cosine or wsd
            data.tokenizer.vocabulary = 512         | FILE:1: data.tokenizer.vocabulary: has no effect with kind = bytes, only with bpe; remove it, or set data.tokenizer.kind to bpe
            model.parametrization.base-width = 32   | FILE:1: model.parametrization.base-width: has no effect with kind = standard, only with mup; remove it, or set model.parametrization.kind to mup
            model.parametrization { kind = mup, base-axes.hh = 2 } | FILE:1: model.parametrization.base-axes.hh: expected an axis that model.axes gives (h); sizes that follow from others need none; did you mean h?
            model.parametrization.kind = mum        | FILE:1: model.parametrization.kind: expected standard or mup, found "mum"; did you mean mup?
            sweep.sizes = [{ optimizer { kind = sgd, beta1 = 0.5 } }] | FILE:1: training.optimizer.beta1: has no effect with kind = sgd, only with adamw; remove it, or set training.optimizer.kind to adamw
            sweep.sizes = [{ schedule.decay = 0.3 }] | FILE:1: training.schedule.decay: has no effect with kind = cosine, only with wsd; remove it, or set training.schedule.kind to wsd
            batch = 4                               | FILE:1: batch: no such setting; did you mean training.batch?
            model.learning-rte = 4                  | FILE:1: model.learning-rte: no such setting; did you mean training.learning-rate?
            qqqqqq = 4                              | FILE:1: qqqqqq: no such setting
            training.batch = many                   | FILE:1: training.batch: expected a whole number of at least 1, found "many"
            training.batch = 1.5                    | FILE:1: training.batch: expected a whole number of at least 1, found 1.5
            training.batch = 0                      | FILE:1: training.batch: expected a whole number of at least 1, found 0
            training.batch = 3000000000             | FILE:1: training.batch: expected a whole number of at most 2147483647, found 3000000000
            training.batch = [1]                    | FILE:1: training.batch: expected a whole number of at least 1, found a list [ ... ]
            training.batch { a = 1 }                | FILE:1: training.batch: expected a whole number of at least 1, found a section { ... }
            training.batch = null                   | FILE:1: training.batch: expected a whole number of at least 1, found null
            training = 3                            | FILE:1: training: expected a section { ... }, found 3
            training.learning-rate = -1             | FILE:1: training.learning-rate: expected a number above 0, found -1
            training.learning-rate = serch          | FILE:1: training.learning-rate: expected a number above 0, found "serch"
            training { learning-rate = search, search.range = [1, 0.1] } | FILE:1: training.search.range: expected [low, high], the lower first
            training { learning-rate = search, search.count = 2 } | FILE:1: training.search.count: expected a whole number of at least 3, found 2
            training { learning-rate = search, search.share = 2 } | FILE:1: training.search.share: expected a number in (0, 1], found 2
            training.optimizer.beta1 = 1            | FILE:1: training.optimizer.beta1: expected a number in [0, 1), found 1
            training.optimizer.kind = adam          | FILE:1: training.optimizer.kind: expected adamw or sgd, found "adam"; did you mean adamw?
            training.optimizer { kind = sgd, momentum = 1 } | FILE:1: training.optimizer.momentum: expected a number in [0, 1), found 1
            training.schedule.kind = cosin          | FILE:1: training.schedule.kind: expected cosine, wsd or constant, found "cosin"; did you mean cosine?
            data.validation-fraction = 1            | FILE:1: data.validation-fraction: expected a number in (0, 1), found 1
            data.tokenizer { kind=bpe, vocabulary=9 } | FILE:1: data.tokenizer.vocabulary: expected a whole number of at least 257, found 9
            model.tied = yes                        | FILE:1: model.tied: expected true or false, found "yes"
            model.block = norm                      | FILE:1: model.block: expected a list [ ... ], found "norm"
            model.block = [mpl]                     | FILE:1: model.block: there is no layer 'mpl'; expected one of .*; did you mean 'mlp'?
            layers.a.stps = []                      | FILE:1: layers.a.stps: no such setting; did you mean layers.a.steps?
            layers.a.steps = 3                      | FILE:1: layers.a.steps: expected a list [ ... ], found 3
            layers.a.local = [2]                    | FILE:1: layers.a.local: axis name '2' has '2' at position 1.*
            layers.a { steps = [], parameters.w { axes = d, init = zero } } | FILE:1: layers.a.parameters.w.init: expected fan_in, normal, zeros or ones, found "zero"; did you mean zeros?
            layers.a { steps = [], parameters.w = "d-f" } | FILE:1: layers.a.parameters.w: axis name 'd-f' has '-' at position 2.*
            layers.a { steps = [], sizes.a-b = 3 }  | FILE:1: layers.a.sizes.a-b: axis name 'a-b' has '-' at position 2.*
            model.axes.h = two                      | FILE:1: model.axes.h: expected a whole number of at least 1, found "two"
            model.axes.v = 2                        | FILE:1: model.axes.v: comes from the data; expected other axes than b, l and v
            model.positions = rotery                | FILE:1: model.positions: expected learned, rotary or none, found "rotery"; did you mean rotary?
            model.dropout = 1                       | FILE:1: model.dropout: expected a number in [0, 1), found 1
            sweep.sizes = [{ data.source = a }]     | FILE:1: sweep.sizes[0].data: no such setting
            sweep.sizes = [{ optimizer.beta4 = 0.5 }] | FILE:1: training.optimizer.beta4: no such setting; did you mean training.optimizer.beta1?
            sweep.sizes = [{ optimizer.beta4 = 1 }] | FILE:1: training.optimizer.beta4: no such setting
            model.block = []                        | FILE:1: model.block: expected at least one, found none
            sweep.sizes = [3]                       | FILE:1: sweep.sizes[0]: expected a section such as { d = 64, layers = 4 }, found 3
            sweep.sizes = [{}]                      | FILE:1: sweep.sizes[0]: expected what this trial sets, such as { d = 64, layers = 4 }, found { }
            sweep.sizes = [{ layer = 3 }]           | FILE:1: sweep.sizes[0].layer: no such setting; did you mean layers?
            sweep.sizes = [{ layer = many }]        | FILE:1: sweep.sizes[0].layer: no such setting
            sweep.sizes = [{ layers = 2, layer = 3 }] | FILE:1: sweep.sizes[0].layer: no such setting
            sweep.sizes = [{ batch = 4, training.batch = 3 }] | FILE:1: sweep.sizes[0].training: sets training.batch a second time; keep one of the two
            sweep.sizes = [{ nam = wide }]          | FILE:1: sweep.sizes[0].nam: no such setting; did you mean name?
            sweep.sizes = [{ nam = "a/b" }]         | FILE:1: sweep.sizes[0].nam: no such setting
            sweep.sizes = [{ d = 8 }, { d = 8 }]    | FILE:1: sweep.sizes[1]: a second trial named 'd8'; give one of them another `name`
            sweep.sizes = [{ name = "a/b" }]        | FILE:1: sweep.sizes[0].name: expected letters, digits, dots, dashes and underscores, found "a/b"
            training.tokens = 100000d               | FILE:1: training.tokens: expected a whole number of at least 1, found "100000d"
            training.learning-rate = 1e-3f          | FILE:1: training.learning-rate: expected a number above 0, found "1e-3f"
            training.learning-rate = 0x1p-3         | FILE:1: training.learning-rate: expected a number above 0, found "0x1p-3"
            training.learning-rate = NaN            | FILE:1: training.learning-rate: expected a number above 0, found "NaN"
            model.axes.d = -64                      | FILE:1: model.axes.d: expected a whole number of at least 1, found -64
            sweep.sizes = [{ d = -8 }]              | FILE:1: model.axes.d: expected a whole number of at least 1, found -8
            model.axes.ff = 64                      | FILE:1: model.axes.ff: no layer of the model uses this axis; did you mean f?
            model.axes { f = 32, ff = 64 }          | FILE:1: model.axes.ff: no layer of the model uses this axis
            model.axes.mm = 4                       | FILE:1: model.axes.mm: no layer of the model uses this axis
            sweep.sizes = [{ model.axes.q = 64 }]   | FILE:1: model.axes.q: no layer of the model uses this axis
            seed = 1, seed = 2                      | FILE:1: seed: is set a second time in this file; keep one of the two
            training.batch = 1, training { batch = 2 } | FILE:1: training.batch: is set a second time in this file; keep one of the two
            training { batch = 1, batch = 1 }       | FILE:1: training.batch: is set a second time in this file; keep one of the two
            layers.a.steps = [x], layers.a { steps = [y] } | FILE:1: layers.a.steps: is set a second time in this file; keep one of the two
            sweep.sizes = [{ d = 8 }, { d = 8, h = 1, d = 16 }] | FILE:1: d in sweep.sizes: is set a second time in this file; keep one of the two
            sweep { sizes = [${model.axes} { optimizer { clip = 1 }, optimizer.clip = 2 }] } | FILE:1: optimizer.clip in sweep.sizes: is set a second time in this file; keep one of the two
            data.source = ${NO_SUCH_TEXT}           | FILE:1: data.source: ${NO_SUCH_TEXT} is neither a setting nor a variable of the environment
            training { length = 2, batch = ${training.lenght} } | FILE:1: training.batch: ${training.lenght} is neither a setting nor a variable of the environment; did you mean ${training.length}?
            training { length = 2, batch = ${training.bach} } | FILE:1: training.batch: ${training.bach} is neither a setting nor a variable of the environment
            data { source = a }, training.batch = ${data.sorce} | FILE:1: training.batch: ${data.sorce} is neither a setting nor a variable of the environment
            training { batch = ${training.lenght}, length = ${training.batch} } | FILE:1: training.batch: ${training.lenght} is neither a setting nor a variable of the environment
            include "other.conf"                    | FILE:1: include "other.conf": no such file in FOLDER
            model { include "other" }               | FILE:1: include "other": no such file in FOLDER
            include "bse"                           | FILE:1: include "bse": no such file in FOLDER; did you mean "base.conf"?
            training { length = 1, batch = 2, length = ${training.batch}, batch = 3 } | FILE:1: training.batch: is set a second time in this file; keep one of the two
            include "small.conf"                    | FILE:1: include "small.conf": the file includes itself
            include required("other.conf")          | FILE:1: include "other.conf": no such file in FOLDER
            include file("other.conf")              | FILE:1: include "other.conf": no such file in FOLDER
            include required(file("other.conf"))    | FILE:1: include "other.conf": no such file in FOLDER
            include url("file:other.conf")          | FILE:1: include "file:other.conf": only files can be included
            include classpath("reference.conf")     | FILE:1: include "reference.conf": only files can be included, not the class path
            training { steps = 1, tokens = 2 }      | FILE:1: training.steps: the length is already given by training.tokens at FILE:1; keep one of the two
            """)
    void aMistakeIsOneLineWithItsPlaceAndTheRemedy(String content, String message) {
        assertThatThrownBy(() -> readBeside(content)).isInstanceOfAny(UserError.class, SettingError.class)
                .hasMessageMatching(
                        pattern(message.replace("FILE", file().toString()).replace("FOLDER", folder.toString())));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            training.batch          | -S training.batch: expected path=value, for example -S training.batch=16
            training.batsh=4        | -S training.batsh=4: training.batsh: no such setting; did you mean training.batch?
            training.batch=four     | -S training.batch=four: training.batch: expected a whole number of at least 1, found "four"
            training.batch=${BATSH}  | -S training.batch=${BATSH}: training.batch: ${BATSH} is neither a setting nor a variable of the environment
            training={ include "no" } | -S training={ include "no" }: include "no": no such file in HERE
            training..batch=4       | -S training..batch=4: 'training..batch' is no path of a setting
            """)
    void aMistakenOverrideNamesTheOption(String override, String message) {
        assertThatThrownBy(() -> read("", override)).isInstanceOfAny(UserError.class, SettingError.class)
                .hasMessage(message.replace("HERE", Path.of("").toAbsolutePath().toString()));
    }

    @Test
    void aFileIncludesOthersFromItsOwnFolderHoweverItIsNamed() throws IOException {
        write("base/base.conf", "include \"deeper/training\", seed = 3");
        write("base/deeper/training.conf", "training { include \"batch.json\", length = 5 }");
        write("base/deeper/batch.json", "{\"batch\": 6}");
        Path file = write("top.conf", "include \"base/base.conf\"\ntraining.length = 7");
        Path relative = Path.of("").toAbsolutePath().relativize(file);
        // A name without a folder means the folder that Java runs in: the module's.
        Path here = Files.writeString(Path.of("including.tmp.conf"), "include \"" + relative + "\"");
        try {
            for (Path each : List.of(file, relative, here)) {
                Settings settings = ExperimentFile.read(each, List.of()).settings();
                assertThat(settings.seed()).isEqualTo(3);
                assertThat(settings.training().batch()).isEqualTo(6);
                assertThat(settings.training().length()).isEqualTo(7);
            }
        } finally {
            Files.delete(here);
        }
    }

    @Test
    void whatAnIncludedFileGetsWrongIsNamedThere() throws IOException {
        Path included = write("base.conf", "\ntraining.batsh = 6");
        assertThatThrownBy(() -> read("include \"base.conf\""))
                .hasMessage(
                        "%s:2: training.batsh: no such setting; did you mean training.batch?".formatted(included));
        write("base.conf", "# nothing\ninclude \"gone.conf\"");
        assertThatThrownBy(() -> read("include \"base\""))
                .hasMessage("%s:2: include \"gone.conf\": no such file in %s".formatted(included, folder));
        write("base.conf", "include \"small.conf\"");
        assertThatThrownBy(() -> read("include \"base\""))
                .hasMessage("%s:1: include \"small.conf\": the file includes itself".formatted(included));
        Files.write(included, new byte[]{'#', (byte) 0xE9, '\n'});
        assertThatThrownBy(() -> read("include \"base.conf\"")).hasMessage(included + ": is not text in UTF-8");
    }

    @Test
    void onlyFilesThatCanBeIncludedAreAdvised() throws IOException {
        Files.createDirectories(folder.resolve("deep.conf"));
        assertThatThrownBy(() -> read("include \"dep\"")).hasMessageEndingWith("no such file in " + folder);
        write("deep.json", "{ \"seed\": 1");
        assertThatThrownBy(() -> read("include \"dep\"")).hasMessageEndingWith("no such file in " + folder);
        Files.write(folder.resolve("deep.bin"), new byte[]{(byte) 0xE9});
        write("deep.txt", "seed = 3");
        assertThatThrownBy(() -> read("include \"dep\""))
                .hasMessageEndingWith("no such file in " + folder + "; did you mean \"deep.txt\"?");
        assertThat(read("include \"deep.txt\"").settings().seed()).isEqualTo(3);
        assertThatThrownBy(() -> read("include \"smal\"")).as("which includes itself")
                .hasMessageEndingWith("no such file in " + folder);
    }

    @Test
    void anOptionIsAdvisedThatOverridesTheFile() {
        assertThatThrownBy(() -> read("training.batch = 8", "training.batsh=4"))
                .hasMessageEndingWith("did you mean training.batch?");
        assertThatThrownBy(() -> read("", "training={ batch = 8, batsh = 4 }")).hasMessageEndingWith("no such setting");
    }

    @Test
    void aKindThatOverridesAnotherLeavesWhatWasSetForThat() throws IOException {
        String sgd = "training.optimizer { kind = sgd, momentum = 0.5 }";
        Experiment overridden = read(sgd, "training.optimizer.kind=adamw");
        assertThat(overridden.settings().training().optimizer()).isInstanceOf(AdamW.class);
        assertThat(overridden.resolved().getConfig("training.optimizer").root()).containsKeys("beta1", "beta2")
                .doesNotContainKeys("momentum", "nesterov");
        assertThat(read("training.optimizer.momentum = 0.5", "training.optimizer.kind=sgd").settings().training()
                .optimizer()).isEqualTo(new Sgd(0.5, true, 0.1, 1));
        assertThat(read("training.schedule { kind = constant, minimum = null }").settings().training().schedule()
                .minimum()).isEqualTo(1);
        assertThatThrownBy(() -> read("training.optimizer.kind = sgd", "training.optimizer.beta1=0.5"))
                .hasMessage("-S training.optimizer.beta1=0.5: training.optimizer.beta1: has no effect with kind = sgd,"
                        + " only with adamw; remove it, or set training.optimizer.kind to adamw");
        assertThatThrownBy(() -> read(sgd, "training.optimizer.beta1=0.5", "training.optimizer.kind=sgd"))
                .hasMessageStartingWith("-S training.optimizer.beta1=0.5: training.optimizer.beta1: has no effect");
    }

    @Test
    void whatOneTrialReadsIsNoMistakeOfTheOthers() throws IOException {
        String text = """
                training.optimizer { momentum = 0.5, beta1 = 0.8 }
                sweep.sizes = [{ d = 8 }, { d = 16, optimizer.kind = sgd }]
                """;
        Experiment experiment = read(text);
        assertThat(experiment.ladder()).extracting(rung -> rung.settings().training().optimizer())
                .containsExactly(new AdamW(0.8, 0.95, 1e-8, 0.1, 1), new Sgd(0.5, true, 0.1, 1));
        Experiment again = read(experiment.resolved().root().render(ConfigRenderOptions.concise()));
        assertThat(again.resolved()).isEqualTo(experiment.resolved());
        assertThat(again.ladder()).isEqualTo(experiment.ladder());
        assertThatThrownBy(() -> read(text.replace("kind = sgd", "clip = 2")))
                .hasMessageStartingWith(file() + ":1: training.optimizer.momentum: has no effect");
    }

    @Test
    void theSecondTimeIsFoundAmongCommentsAndQuotes() {
        assertThatThrownBy(() -> read("""
                sweep.sizes = [
                  { name = "a}", d = 8 } # one {
                  // two }
                  { name = b
                    d = ${?NO_SUCH_WIDTH}
                    h = 1, h = 2 }
                ]
                """)).hasMessage("%s:6: h in sweep.sizes: is set a second time in this file; keep one of the two"
                .formatted(file()));
    }

    @Test
    void sectionsThatAreJoinedMaySetWhatAnotherSets() throws IOException {
        Experiment experiment = read("""
                training.batch = 2
                sweep.sizes = [{ layers = 1, batch = 3 } { batch = 4 }, { batch = 5, batch = ${?NO_SUCH_BATCH} }]
                """);
        assertThat(experiment.ladder()).extracting(rung -> rung.settings().training().batch()).containsExactly(4, 5);
    }

    @Test
    void substitutionsMayComeSecondAndStandForAnySetting() throws IOException {
        Settings settings = read("""
                training.batch = 2, training.batch = ${?NO_SUCH_BATCH}
                training.steps = ${model.layers}
                training.length = ${training.batch}
                model.block = ${model.block} [mlp]
                model.block += attention
                """, "model.layers=3", "training.evaluate-every=${training.steps}").settings();
        assertThat(settings.training().batch()).isEqualTo(2);
        assertThat(settings.training().length()).isEqualTo(2);
        assertThat(settings.training().budget()).isEqualTo(new Budget.Steps(3));
        assertThat(settings.training().evaluateEvery()).isEqualTo(3);
        assertThat(settings.model().spec().block()).containsExactly("attention", "mlp", "mlp", "attention");
    }

    @Test
    void unreadableFilesAreNamed() throws IOException {
        Path missing = folder.resolve("missing.conf");
        assertThatThrownBy(() -> ExperimentFile.read(missing, List.of())).hasMessage(missing + ": no such file");
        assertThatThrownBy(() -> ExperimentFile.read(folder, List.of()))
                .hasMessage(folder + ": expected an experiment's file, found a folder");
        assertThatThrownBy(() -> read("training { batch = 4")).isInstanceOf(UserError.class)
                .hasMessageStartingWith(file() + ":1: ").hasMessageNotContaining("\n");
        assertThatThrownBy(() -> read("seed = ${nowhere}")).isInstanceOf(SettingError.class)
                .hasMessageContaining("nowhere").hasMessageNotContaining("\n");
    }

    private Experiment readBeside(String content) throws IOException {
        write("base.conf", "");
        return read(content);
    }

    /** The text itself, but for {@code .*}. */
    private static String pattern(String message) {
        return Arrays.stream(message.split("\\.\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private Path file() {
        return folder.resolve("small.conf");
    }

    private Experiment read(String content, String... overrides) throws IOException {
        Files.writeString(file(), content);
        return ExperimentFile.read(file(), List.of(overrides));
    }
}
