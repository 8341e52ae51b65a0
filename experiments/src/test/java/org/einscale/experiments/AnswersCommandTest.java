package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a task in a configuration to what its models know. */
class AnswersCommandTest {
    @TempDir
    private Path folder = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    private Path config(String task, int length, String sizes) throws IOException {
        return Files.writeString(folder.resolve("task.conf"), """
                data.task { %s }
                model { axes { d = 8, h = 2 }, layers = 1 }
                training { steps = 6, batch = 4, length = %s, evaluate-every = 3, evaluation-tokens = 256 }
                sweep.sizes = [%s]
                """.formatted(task, length, sizes));
    }

    @Test
    void sizesAreDrawnByEveryMeasure() throws IOException {
        Path config = config("kind = zipf-lookup, keys = 40, values = 4, exponent = 1", 2, "{ d = 4 }, { d = 8 }");
        Path results = folder.resolve("results");
        assertThat(run("sweep", config.toString(), "-o", results.toString())).as(err.toString()).isZero();
        assertThat(out.toString() + err).doesNotContain("NaN");
        assertThat(run("answers", results.toString())).as(err.toString()).isZero();

        assertThat(out.toString()).contains("\"keys\":40", "chance 1.386 nats an answer", "L = 16", "Brier", "d4",
                "d8");
        assertThat(results.resolve("emergence.png")).isNotEmptyFile();
        assertThat(results.resolve("emergence.svg")).isNotEmptyFile();
    }

    @Test
    void whatOneSizeHasSeenGivesAnExponent() throws IOException {
        Path config = config("kind = zipf-lookup, keys = 40, values = 4", 2,
                "{ steps = 4 }, { steps = 6 }, { steps = 9 }");
        Path results = folder.resolve("results");
        assertThat(run("sweep", config.toString(), "-o", results.toString())).as(err.toString()).isZero();
        assertThat(run("answers", results.toString())).as(err.toString()).isZero();

        assertThat(out.toString()).contains("unlearned falls as D^");
        assertThat(results.resolve("emergence.png")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kind = sparse-parity, subtasks = 4, bits = 4, subset = 2 | 5 | most frequent known  trial",
        "kind = random-hierarchy, levels = 2, classes = 4, symbols = 4, synonyms = 2 | 4 | n_c m^L = 16 "})
    void otherTasksTellTheirLaw(String task, int length, String law) throws IOException {
        Path results = folder.resolve("results");
        assertThat(run("train", config(task, length, "").toString(), "-o", results.toString())).as(err.toString())
                .isZero();
        assertThat(run("answers", results.toString())).as(err.toString()).isZero();

        assertThat(out.toString()).contains(law.strip(), "floor 0, chance");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data.task.keys=5 | data.task.keys: has no effect with kind = none, only with zipf-lookup; remove it, or set data.task.kind to zipf-lookup",
        "data.task={ kind = zipf-lookup, bits = 3 } | data.task.bits: has no effect with kind = zipf-lookup, only with sparse-parity; remove it",
        "data.task={ kind = sparse-parity, subset = 40 } | data.task.subset: subset is 40; expected at least 1 and at most bits = 16",
        "data.task={ kind = zipf } | data.task.kind: expected none, zipf-lookup, sparse-parity or random-hierarchy, found \"zipf\""})
    void mistakesAreToldInOneLine(String setting, String message) throws IOException {
        Path config = Files.writeString(folder.resolve("plain.conf"), "training.steps = 1\n");
        assertThat(run("train", config.toString(), "-o", folder.resolve("r").toString(), "-S", setting)).isEqualTo(2);
        assertThat(err.toString()).contains(message);
        assertThat(err.toString().strip().lines()).hasSize(1);
    }

    @Test
    void aTextBesideATaskIsRefused() throws IOException {
        Path config = Files.writeString(folder.resolve("both.conf"),
                "data { source = wordnet, task.kind = zipf-lookup }\ntraining.length = 2\n");
        assertThat(run("train", config.toString(), "-o", folder.resolve("r").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("data.source: has no effect with task.kind = zipf-lookup, only with none;");
    }

    @Test
    void theLengthIsThatOfTheTask() throws IOException {
        assertThat(run("train", config("kind = zipf-lookup", 8, "").toString(), "-o", folder.resolve("r").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("expected training.length = 2");
    }

    @Test
    void aTaskIsExplainedAndSplit() throws IOException {
        String config = config("kind = zipf-lookup", 2, "").toString();
        assertThat(run("explain", config, "--after", "none")).as(err.toString()).isZero();
        assertThat(run("shard", config, "--mesh", "data=2", "--preset", "data")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("weights");
    }

    @Test
    void aFolderWithoutARunIsRefused() {
        assertThat(run("answers", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("no run there");
        assertThat(List.of(err.toString().strip().split("\n"))).hasSize(1);
    }
}
