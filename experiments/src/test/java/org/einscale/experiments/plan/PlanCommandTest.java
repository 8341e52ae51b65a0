package org.einscale.experiments.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.einscale.experiments.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans are kept, compared, and trained by. */
class PlanCommandTest {
    private static final String MODEL = """
            model { axes { d = 8, h = 2 }, layers = 1 }
            training { batch = 4, length = 4, evaluation-tokens = 64, steps = 2 }
            """;
    private static final String TINY = MODEL + """
            mesh { model = 2 }
            preset = megatron
            """;

    @TempDir
    private Path folder = Path.of("");
    private String file = "";
    private String plan = "";

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("tiny.conf"), TINY).toString();
        plan = folder.resolve("plan.json").toString();
    }

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    @Test
    void aPlanIsTheSameAgain() throws IOException {
        assertThat(run("shard", file, "--save", plan)).returns(0, Result::exitCode);
        PlanFile read = PlanFile.read(Path.of(plan));
        assertThat(read.rules()).containsExactly("h=model", "f=model");
        assertThat(read.presets()).containsExactly("megatron");
        assertThat(read.values()).containsEntry("block.0.mlp.up", "[d f/model]").containsEntry("tokens", "[b l]");
        assertThat(read.statements()).contains(new PlanFile.Shared("block.0.mlp.y", "f=model",
                "[b l d] sum over model"));
        assertThat(read.collectives()).contains(new PlanFile.Collective("all-reduce", "block.0.mlp.y",
                List.of("model"), 4 * 4 * 4 * 8));

        String other = folder.resolve("other.json").toString();
        String alone = Files.writeString(folder.resolve("alone.conf"), MODEL).toString();
        assertThat(run("shard", alone, "-S", "shard.plan=" + plan, "--save", other).exitCode()).isZero();
        assertThat(run("shard", "--diff", plan, other)).isEqualTo(new Result(0, "the plans are the same\n", ""));
    }

    @Test
    void whatDiffersIsTold() {
        run("shard", file, "--save", plan);
        String other = folder.resolve("other.json").toString();
        run("shard", file, "--mesh", "model=2", "--rules", "f=model", "--preset", "vocabulary", "--save", other);

        Result difference = run("shard", "--diff", plan, other);

        assertThat(difference.exitCode()).isEqualTo(1);
        assertThat(difference.out().lines().map(line -> line.strip().replaceAll(" {2,}", " | "))).contains("devices",
                "rules | h=model, f=model | f=model, v=model", "values",
                "embedding.tokens | [v d] | [v/model d]", "block.0.attention.q | [d h/model k] | [d h k]",
                "statements", "exchanges", "block.0.attention.y | all-reduce over model 512 B | -", "a device")
                .noneMatch(line -> line.startsWith("mesh") || line.startsWith("block.0.mlp.up |"))
                .anyMatch(line -> line.startsWith("bytes sent | "))
                .anyMatch(line -> line.startsWith("multiplications"));
        assertThat(run("shard", "--diff", other, plan).exitCode()).isEqualTo(1);
    }

    @Test
    void aTrainingGoesByAPlan() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "What is said twice is said twice. ".repeat(200));
        run("shard", file, "--mesh", "data=2", "--preset", "data", "--save", plan);
        List<String> train = List.of("train", file, "-S", "data.source=" + text, "--machine", "typical", "-S",
                "shard.plan=" + plan);

        assertThat(run(with(train, "-o", folder.resolve("run").toString())).exitCode()).isZero();
        assertThat(run(with(train, "-o", folder.resolve("other").toString(), "-S", "model.axes.d=16")))
                .isEqualTo(new Result(2, "", "einscale: " + plan
                        + ": is a plan for another model: axis d (8, now 16), axis f (32, now 64), axis k (4, now 8)\n"));
    }

    /** What is said of a stage has its number before it; activations of 4 x 4 x 8 numbers are sent on. */
    @Test
    void aTrainingInStagesGoesByAPlan() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "What is said twice is said twice. ".repeat(200));
        List<String> two = List.of(file, "-S", "model.layers=2");
        List<String> staged = Stream.concat(two.stream(), Stream.of("--mesh", "stage=2", "--preset", "pipeline"))
                .toList();
        assertThat(run(with(List.of("shard"), with(staged, "--save", plan))).err()).isEmpty();
        PlanFile read = PlanFile.read(Path.of(plan));
        assertThat(read.values()).containsEntry("stage 0: block.0.mlp.up", "[d f]");
        assertThat(read.collectives()).extracting(PlanFile.Collective::op).containsOnly("send");
        assertThat(read.collectives()).extracting(PlanFile.Collective::bytes).contains(4L * 4 * 4 * 8);

        List<String> train = Stream
                .concat(Stream.of("train"), Stream.concat(two.stream(), Stream.of("-S", "data.source=" + text,
                        "--machine", "typical", "-S", "shard.plan=" + plan)))
                .toList();
        assertThat(run(with(train, "-o", folder.resolve("run").toString()))).returns(0, Result::exitCode);
        String other = folder.resolve("other.json").toString();
        run(with(List.of("shard"), with(staged, "-S", "training.micro-batches=2", "--save", other)));
        assertThat(run("shard", "--diff", plan, other).exitCode()).isEqualTo(1);
    }

    private static String[] with(List<String> arguments, String... more) {
        return Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void whatIsNoPlanOrOfAnotherModelIsRefusedInALine() throws IOException {
        run("shard", file, "--save", plan);
        String old = Files.readString(Path.of(plan));

        Files.writeString(Path.of(plan), old.replace("einscale plan 1", "einscale plan 0"));
        assertThat(run("shard", file, "-S", "shard.plan=" + plan)).isEqualTo(new Result(2, "", "einscale: " + plan
                + ": found a plan in the format 'einscale plan 0'; expected 'einscale plan 1'\n"));
        Files.writeString(Path.of(plan), old.replace("\"[d f/model]\"", "\"[d/model f]\""));
        assertThat(run("shard", file, "-S", "shard.plan=" + plan).err()).startsWith("einscale: " + plan
                + ": devices would not do what it says: block.0.mlp.up ([d/model f], now [d f/model])");
        Files.writeString(Path.of(plan), old);
        assertThat(run("shard", file, "-S", "shard.plan=" + plan, "-S", "training.optimizer.beta1=0.8"))
                .isEqualTo(new Result(2, "", "einscale: " + plan
                        + ": is a plan for another model: its layers or its optimizer compute something else\n"));
        String none = folder.resolve("none.json").toString();
        assertThat(run("shard", "--diff", plan, none))
                .isEqualTo(new Result(2, "", "einscale: " + none + ": no such file\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shard --diff FILE FILE       | FILE: not a plan; expected a file that `einscale shard CONFIG --save
            shard FILE --diff FILE FILE  | found 'FILE' beside --diff; expected the files of two plans and nothing else
            shard ij->ij --save FILE     | option --save is for a file of settings, not for an einsum
            """)
    void mistakesAreTold(String command, String message) {
        Result result = run(command.replace("FILE", file).split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("einscale: " + message.replace("FILE", file));
    }
}
