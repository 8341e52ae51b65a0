package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.RateTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.einscale.trainer.SavedModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The whole road at the smallest size: text, ladder, trials, tables, law, figures, and a sample. */
class SweepTest {
    private static final String EXPERIMENT = """
            data { source = %s, validation-fraction = 0.2 }
            model { axes { d = 8, h = 2 }, layers = 1 }
            training { steps = 6, batch = 2, length = 8, evaluate-every = 3, evaluation-tokens = 64 }
            sweep.sizes = [{ d = 4 }, { d = 8 }, { d = 12 }, { d = 16 }, { d = 24 }]
            fit.bootstrap = 20
            """;

    @TempDir
    private Path folder = Path.of("");
    private Path config = Path.of("");
    private Path results = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeExperiment() throws IOException {
        String lines = IntStream.range(0, 60).mapToObj(i -> String.format(Locale.ROOT, "the cat sat on mat %d%n", i))
                .collect(Collectors.joining());
        Path text = Files.writeString(folder.resolve("text.txt"), lines);
        config = Files.writeString(folder.resolve("tiny.conf"),
                EXPERIMENT.formatted(ConfigUtil.quoteString(text.toString())));
        results = folder.resolve("results");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    void aDryRunTellsWhatASweepWouldTakeAndLeavesNothing() {
        assertThat(run("sweep", config.toString(), "-o", results.toString(), "--dry-run")).as(err.toString()).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(7);
        assertThat(lines.getFirst().strip().split("\\s+")).containsExactly("n", "n_total", "tokens", "flops_program",
                "disk",
                "time", "trial");
        assertThat(lines.subList(1, 6)).extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly("d4", "d8", "d12", "d16", "d24");
        assertThat(lines.getLast()).contains("5 trials, ");
        assertThat(results).doesNotExist();
    }

    @Test
    void aSweepLeavesTablesLawFiguresAndModels() throws IOException {
        assertThat(run("sweep", config.toString(), "-o", results.toString())).as(err.toString()).isZero();

        List<Run> runs = RunTable.read(results.resolve("runs.csv"));
        assertThat(runs).extracting(Run::trial).containsExactly("d4", "d8", "d12", "d16", "d24");
        assertThat(runs).extracting(Run::status).containsOnly(Run.Status.FINISHED);
        assertThat(runs).extracting(Run::n).isSorted();
        for (String file : List.of("history.csv", "fit.json", "curve.png", "curve.svg", "losses.png", "resolved.conf",
                "provenance.json", "einscale.log", "report.html", "trials/d24/model.safetensors")) {
            assertThat(results.resolve(file)).isNotEmptyFile();
        }
        assertThat(out.toString()).contains("alpha", "held out", "to look at: " + results.resolve("report.html"));
        assertThat(results.resolve("trials/d24/progress.json")).doesNotExist();

        assertThat(run("sample", results.toString(), "--prompt", "the ", "--tokens", "5")).as(err.toString()).isZero();
        assertThat(out.toString().lines().toList().getLast()).startsWith("the ");
        assertThat(run("sample", results.toString(), "--trial", "d26")).isEqualTo(2);
        assertThat(err.toString()).contains("--trial d26: no finished trial of that name", "did you mean d16?");
        Files.delete(results.resolve("trials/d16/model.safetensors"));
        err.getBuffer().setLength(0);
        run("sample", results.toString(), "--trial", "d26");
        assertThat(err.toString()).contains("did you mean d24?");
    }

    @Test
    void whatALayerMayNotMeanIsSaidOnce() throws IOException {
        Files.writeString(config, """
                layers.peek {
                  parameters { w = "e c" }
                  sizes { e = "d", c = "3" }
                  steps = ["y = x + mean(x, 'l') * 0.1 + sum(einsum('b l d, e c -> b l c', x, w), 'c')"]
                }
                model { axes { d = 8, h = 2 }, layers = 2, block = [attention, peek] }
                sweep.sizes = [{ d = 4 }, { d = 8 }]
                """ + Files.readString(config).replaceAll("(?m)^(model|sweep).*\n", ""));
        assertThat(run("train", config.toString(), "-o", results.toString())).as(err.toString()).isZero();
        String peeking = "einscale: warning: " + config + ":4: layer 'peek': axis ";
        assertThat(err.toString().lines().filter(line -> line.startsWith("einscale: warning: ")))
                .satisfiesExactly(d -> assertThat(d).startsWith(peeking + "'d' is summed"),
                        e -> assertThat(e).startsWith(peeking + "'e' is summed"),
                        peek -> assertThat(peek)
                                .startsWith("einscale: warning: layer 'peek' (block.0.peek) looks ahead"));
        err.getBuffer().setLength(0);
        run("sweep", config.toString(), "-o", results + "2");
        assertThat(err.toString().lines().filter(line -> line.startsWith("einscale: warning: "))).hasSize(3);
        assertThat(results.resolve("einscale.log")).content().contains("looks ahead");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|axis 'h' is another where the width is another (2 at d = 4, 4 at d = 8)",
        "base-axes.h = 2|''"})
    void anAxisThatGrowsWithTheWidthWithoutTheBaseKnowingItIsTold(String base, String warning) throws IOException {
        Files.writeString(config, """
                model { axes { d = 4, h = 2 }, layers = 1, parametrization { kind = mup, base-width = 4, %s } }
                sweep.zip { d = [4, 8], h = [2, 4] }
                """.formatted(base) + Files.readString(config).replaceAll("(?m)^(model|sweep).*\n", ""));
        run("sweep", config.toString(), "-o", results.toString(), "--dry-run");
        assertThat(err.toString().lines().filter(line -> line.startsWith("einscale: warning: "))
                .map(line -> line.substring("einscale: warning: ".length(), line.indexOf(", and maximal"))))
                .isEqualTo(warning.isEmpty() ? List.of() : List.of(warning));
    }

    /** The shorter ones go on from the longest of their size, where they need not begin anew, and have the numbers of sweeps of their own. */
    @Test
    void whatBudgetsHaveInCommonIsTrainedOnce() throws IOException {
        String budgets = "sweep.grid { d = [4, 8], training.steps = %s }";
        String shared = Files.readString(config).replaceAll("(?m)^sweep.*\n", "")
                + "training.schedule { kind = wsd, decay = 0.25, warmup-steps = 2 }\n";
        Files.writeString(config, shared + budgets.formatted("[8, 12, 24]"));
        assertThat(run("sweep", config.toString(), "-o", results.toString(), "--dry-run")).as(err.toString()).isZero();
        assertThat(out.toString().lines()).anySatisfy(
                line -> assertThat(line).endsWith("d4-training.steps8 after 6 steps of d4-training.steps24"));
        assertThat(run("sweep", config.toString(), "-o", results.toString())).as(err.toString()).isZero();
        assertThat(results.resolve("einscale.log")).content().contains("d4-training.steps8: goes on from step 6",
                "d8-training.steps12: goes on from step 9").doesNotContain("steps24: goes on");

        List<String> alone = new ArrayList<>();
        for (int steps : new int[]{8, 12, 24}) {
            Files.writeString(config, shared + budgets.formatted(List.of(steps)));
            Path own = folder.resolve("own" + steps);
            assertThat(run("sweep", config.toString(), "-o", own.toString())).as(err.toString()).isZero();
            alone.addAll(measured(own));
        }
        assertThat(measured(results)).containsExactlyInAnyOrderElementsOf(alone);
    }

    /** All losses, by size and tokens. */
    private static List<String> measured(Path results) {
        List<Run> runs = RunTable.read(results.resolve("runs.csv"));
        return Stream.concat(runs.stream().map(run -> run.n() + " of " + run.steps() + ": " + run.trainLoss() + ", "
                + run.valLoss()),
                HistoryTable.read(results.resolve("history.csv")).stream()
                        .map(row -> row.n() + " of "
                                + runs.stream().filter(run -> run.trial().equals(row.trial())).findFirst()
                                        .orElseThrow().steps()
                                + ": " + row.evaluation()))
                .toList();
    }

    @Test
    void theSameCommandAgainKeepsWhatIsDone() throws IOException {
        run("sweep", config.toString(), "-o", results.toString());
        String first = Files.readString(results.resolve("runs.csv"));

        assertThat(run("sweep", config.toString(), "-o", results.toString())).as(err.toString()).isZero();
        assertThat(results.resolve("runs.csv")).hasContent(first);

        assertThat(run("sweep", config.toString(), "-o", results.toString(), "-S", "seed=2")).isEqualTo(2);
        assertThat(err.toString()).contains("holds a run with other settings: seed (1, now 2)");
    }

    @Test
    void aSizeMoreTrainsOnlyThatSizeAndOneLessLeavesTheTables() throws IOException {
        String[] sweep = {"sweep", config.toString(), "-o", results.toString(), "-S"};
        run(arguments(sweep, "sweep.sizes=[{ d = 4 }, { d = 8, name = wide }]"));
        List<Run> before = RunTable.read(results.resolve("runs.csv"));

        String[] changed = arguments(sweep, "sweep.sizes=[{ d = 12 }, { d = 8 }]");
        assertThat(run(changed)).as(err.toString()).isZero();
        List<Run> after = RunTable.read(results.resolve("runs.csv"));
        assertThat(after).extracting(Run::trial).containsExactly("d12", "d8");
        assertThat(after.getLast()).isEqualTo(before.getLast().named("d8"));
        assertThat(results.resolve("trials/d4/model.safetensors")).exists();
        assertThat(results.resolve("einscale.log")).content().contains("1 of 2 trials are kept; to train: d12",
                "left out of the tables, as the sweep does not have them now: d4");
    }

    /** Killed as the system kills, with no time to say goodbye, while the larger trial is held at a step that is no checkpoint. */
    @Tag("once")
    @Test
    void aKilledSweepGoesOnToTheNumbersOfAnUndisturbedOne() throws Exception {
        String[] sweep = {"sweep", config.toString(), "-S", "sweep.sizes=[{d=4}, {d=8}]", "-S", "sweep.workers=1", "-S",
            "training.steps=60", "-S", "training.evaluate-every=15", "-S", "training.checkpoint-every=2", "-o"};
        Process process = start(arguments(sweep, results));
        try {
            await().atMost(Duration.ofMinutes(5)).failFast("the sweep ended", () -> !process.isAlive())
                    .until(() -> Files.exists(folder.resolve("held")));
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isNotZero();
        assertThat(results.resolve("trials/d8/checkpoint.safetensors")).exists();
        assertThat(results.resolve("trials/d8/result.json")).doesNotExist();

        Path undisturbed = folder.resolve("undisturbed");
        assertThat(run(arguments(sweep, results))).as(err.toString()).isZero();
        assertThat(run(arguments(sweep, undisturbed))).as(err.toString()).isZero();
        assertThat(results.resolve("history.csv")).hasSameTextualContentAs(undisturbed.resolve("history.csv"));
        assertThat(untimed(results.resolve("runs.csv"))).isEqualTo(untimed(undisturbed.resolve("runs.csv"))).hasSize(3);
    }

    private static String[] arguments(String[] command, Object last) {
        return Stream.concat(Arrays.stream(command), Stream.of(last.toString())).toArray(String[]::new);
    }

    /** A held sweep in a process of its own, of the same Java with the same flags, but not watched for coverage. */
    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(flag -> !flag.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"),
                HeldSweep.class.getName(), folder.resolve("held").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("process.log").toFile()).start();
    }

    /** The lines of a table of runs without the last three columns, the timings. */
    private static List<String> untimed(Path runs) throws IOException {
        return untimed(Files.readString(runs));
    }

    private static List<String> untimed(String table) {
        return table.lines().map(line -> line.replaceFirst("(,[^,]*){3}$", "")).toList();
    }

    @Test
    void aTrialThatDivergesIsMarkedAndTheCommandFails() {
        assertThat(run("sweep", config.toString(), "-o", results.toString(), "-S", "training.optimizer.clip=0", "-S",
                "sweep.sizes=[{d=4}, {d=8, learning-rate=1e300}]")).isEqualTo(1);

        List<Run> runs = RunTable.read(results.resolve("runs.csv"));
        assertThat(runs).extracting(Run::status).containsExactly(Run.Status.FINISHED, Run.Status.FAILED);
        assertThat(runs.getLast().failedStep()).isPresent();
        assertThat(out.toString()).contains("failed", "no law fitted");
        assertThat(results.resolve("einscale.log")).content().contains("d8-learning-rate1e300: diverged",
                "\tat org.einscale.trainer.");
        assertThat(out.toString() + err).doesNotContain("\tat ");
    }

    @Test
    void trainTrainsTheModelAsItIs() {
        assertThat(run("train", config.toString(), "-o", results.toString())).as(err.toString()).isZero();

        assertThat(RunTable.read(results.resolve("runs.csv"))).extracting(Run::trial).containsExactly("model");
        assertThat(results.resolve("trials/model/model.safetensors")).exists();
        assertThat(run("sweep", config.toString(), "-o", results.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("holds a run of `einscale train`");
    }

    @Test
    void aRunIsReproducedInEveryBitAndWhatDiffersIsShown() throws IOException {
        run("sweep", config.toString(), "-o", results.toString(), "-S", "sweep.sizes=[{ d = 4 }, { d = 8 }]");
        assertThat(SavedModel.origin(results.resolve("trials/d8"))).containsKeys("commit", "diff", "einscale", "jdk",
                "dataChecksum", "machine").containsEntry("trial", "d8").hasEntrySatisfying("settings",
                        settings -> assertThat(settings).contains("\"d\":8", "\"seed\":1"));

        out.getBuffer().setLength(0);
        assertThat(run("reproduce", results.toString())).as(err + " " + out).isZero();
        assertThat(out.toString().lines()).satisfiesExactly(origin -> assertThat(origin).startsWith("the same text"),
                d4 -> assertThat(d4)
                        .startsWith("d4: equal in every bit: 2 measurements, all parameters, validation loss "),
                d8 -> assertThat(d8).startsWith("d8: equal in every bit"),
                where -> assertThat(where).isEqualTo("everything is in " + results + "-again"));

        Path settings = results.resolve("resolved.conf");
        Files.writeString(settings, Files.readString(settings).replaceAll("(?m)^seed=1$", "seed=2"));
        out.getBuffer().setLength(0);
        assertThat(run("reproduce", results.toString(), "d8", "-o", folder.resolve("other").toString())).isEqualTo(1);
        assertThat(out.toString().lines().toList().get(1))
                .matches("d8: validation loss .* there, .* here; what was measured"
                        + " differs from step 3 on; .* parameters differ, .* most, by up to .*");
        assertThat(RunTable.read(folder.resolve("other/runs.csv"))).extracting(Run::trial).containsExactly("d8");

        assertThat(run("reproduce", results.toString(), "d9")).isEqualTo(2);
        assertThat(err.toString()).contains("no trial 'd9' has ended in " + results + ", did you mean d4?; there are");
    }

    @Test
    void runsAreComparedByWhatDiffers() {
        run("sweep", config.toString(), "-o", results.toString(), "-S", "sweep.sizes=[{ d = 4 }, { d = 8 }]");
        String other = folder.resolve("other").toString();
        run("sweep", config.toString(), "-o", other, "-S", "sweep.sizes=[{ d = 4 }]", "-S", "training.tokens=1.6e2");
        Path figure = folder.resolve("both.svg");

        out.getBuffer().setLength(0);
        assertThat(run("compare", results.toString(), other, "-o", figure.toString())).as(err.toString()).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.getFirst().strip().split("  +")).containsExactly("results", "other", "setting");
        assertThat(lines.subList(1, lines.indexOf(""))).extracting(line -> line.strip().split("  +"))
                .containsExactly(new String[]{"[{\"d\":4},{\"d\":8}]", "[{\"d\":4}]", "sweep.sizes"},
                        new String[]{"6", "null", "training.steps"}, new String[]{"null", "160", "training.tokens"});
        assertThat(lines.get(lines.indexOf("") + 2)).matches(" *2\\d\\d +differ .* d4");
        assertThat(lines.get(lines.indexOf("") + 3)).matches(".* -  d8");
        assertThat(figure).content().contains("<svg");

        assertThat(run("compare", results.toString())).isEqualTo(2);
        assertThat(run("compare", results.toString(), folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("expected two runs or more, found one", folder + ": no run there");
    }

    @Tag("once")
    @Test
    void aLearningRateIsSearchedOnceAtEachSizeAndThenUsed() throws IOException {
        String[] sweep = {"sweep", config.toString(), "-o", results.toString(), "-S", "training.learning-rate=search",
            "-S", "training.search={ range = [0.01, 0.04], count = 3, share = 0.5 }", "-S",
            "sweep.sizes=[{ d = 4, grid.steps = [6, 8] }, { d = 8, learning-rate = 0.5 }]"};
        assertThat(run(sweep)).as(err.toString()).isZero();

        List<RateTable.Row> found = RateTable.read(results.resolve("learning-rates.csv"));
        List<Run> tried = RunTable.read(results.resolve("search/runs.csv"));
        assertThat(found).hasSize(1).first().satisfies(row -> {
            assertThat(row.size()).isEqualTo("d4-steps6");
            assertThat(row.tried()).isEqualTo(tried.size()).isBetween(3L, 7L);
            assertThat(row.valLoss()).isEqualTo(tried.stream().mapToDouble(Run::valLoss).min().orElseThrow());
        });
        assertThat(tried).extracting(Run::trial).startsWith("d4-steps6-rate0.01", "d4-steps6-rate0.02",
                "d4-steps6-rate0.04");
        assertThat(tried).extracting(Run::steps).containsOnly(3L);
        double rate = found.getFirst().rate();
        assertThat(RunTable.read(results.resolve("runs.csv"))).extracting(Run::learningRate).containsExactly(rate, rate,
                0.5);
        assertThat(results.resolve("learning-rates.png")).isNotEmptyFile();
        assertThat(out.toString().lines().toList().get(1)).startsWith("d4-steps6");

        String first = Files.readString(results.resolve("runs.csv"));
        assertThat(run(sweep)).as(err.toString()).isZero();
        assertThat(results.resolve("runs.csv")).hasContent(first);
        assertThat(results.resolve("einscale.log")).content().doesNotContain("left out");
        assertThat(run(arguments(sweep, "--fresh"))).as(err.toString()).isZero();
        assertThat(untimed(results.resolve("runs.csv"))).isEqualTo(untimed(first)).hasSize(4);

        out.getBuffer().setLength(0);
        assertThat(run(arguments(sweep, "--dry-run"))).as(err.toString()).isZero();
        assertThat(out.toString().lines().toList().getLast()).contains("6 trials");
    }
}
