package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.einscale.experiments.explain.StepExplanation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** A model of one layer, d = 8 and f = 32, trained on two sequences of four bytes. */
class ExplainCommandTest {
    private static final String TINY = """
            model { axes { d = 8, h = 2 }, layers = 1 }
            training { batch = 2, length = 4, evaluation-tokens = 64 }
            """;

    @TempDir
    private Path folder = Path.of("");
    private String file = "";

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("tiny.conf"), TINY).toString();
    }

    private static Result run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(arguments.toArray(String[]::new));
        return new Result(exitCode, out.toString(), err.toString());
    }

    private Result explain(String... options) {
        List<String> arguments = new ArrayList<>(List.of("explain", file, "--machine", "typical"));
        arguments.addAll(Arrays.asList(options));
        return run(arguments);
    }

    /** A line that a stage is the first to show. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            none         | "     9      32 B       4 B           loss#39[] = mean(cross_entropy#38, 'b l')"
            reductions   | "     1       4 B       4 B           loss#39[] = sum#190 / size('b l')"
            hoist        | "     8       4 B      32 B      2x4  d_cross_entropy#41[b l] = map#40 / size('b l'), once"
            add-in-place | "   960     768 B     256 B    2x4x8  d_block.0.x#58[b l d] = d_norm.x#48 + layer_norm_gradient(block.0.x#22, d_block.0.norm_2.y#54, 'd', 1.0E-5)"
            fuse-maps    | "     1       4 B       0 B             gradient_norm#112[] = sqrt(map#111), in registers"
            fuse-batches | "   320     256 B     256 B  2x2x4x4    block.0.attention.weights#18[b h l m] = causal_softmax(block.0.attention.scores#17, 'm', 'l')"
            overwrite    | "    64     384 B     256 B    2x4x8  block.0.x#5[b l d] = take#3 + embedding.positions#4, over take#3"
            plan         | "   128     320 B     256 B    map $0 * $1 + $2"
            """)
    void aStageIsTheFirstToShow(String stage, String line) {
        List<String> stages = List.copyOf(StepExplanation.stages().keySet());

        assertThat(explain("--after", stage).out().lines()).contains(line);
        stages.subList(0, stages.indexOf(stage))
                .forEach(earlier -> assertThat(explain("--after", earlier).out().lines()).doesNotContain(line));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void everyStageOfAStepHasTotalsThatAreTheSumsOfItsLines(String stage) throws IOException {
        JsonNode report = new ObjectMapper().readTree(explain("--after", stage, "--json").out());
        List<JsonNode> lines = new ArrayList<>();
        for (JsonNode block : report.get("blocks")) {
            block.get(stage.equals(StepExplanation.PLAN) ? "calls" : "statements").forEach(lines::add);
        }

        assertThat(report.get("after").asText()).isEqualTo(stage);
        assertThat(report.get("sizes").get("d").asInt()).isEqualTo(8);
        for (String number : List.of("flops", "bytesRead", "bytesWritten")) {
            assertThat(report.get(number).asDouble()).isPositive()
                    .isEqualTo(lines.stream().mapToDouble(line -> line.get(number).asDouble()).sum());
        }
        // What passes change is where and when something is computed, never how much.
        assertThat(report.get("stepFlops").asDouble()).isEqualTo(
                new ObjectMapper().readTree(explain("--after", "none", "--json").out()).get("flops").asDouble());
        assertThat(report.get("planBytes").asLong()).isPositive();
    }

    static Set<String> stages() {
        return StepExplanation.stages().keySet();
    }

    @Test
    void withoutAnythingElseTheLastPassOfTheDefaultsIsShown() {
        assertThat(explain().out()).startsWith("""
                tiny: a training step after overwrite
                b=2 d=8 f=32 h=2 k=4 l=4 m=4 v=256

                """).isEqualTo(explain("--after", "overwrite").out());
        assertThat(run(List.of("explain", "--machine", "typical", "-S", "model.layers=1")).out())
                .startsWith("reference: a training step after overwrite\nb=8 d=64 ");
    }

    /** Results by name, in order; the maps add to the norm of all gradients. */
    @Test
    void aLayerIsItsValuesItsGradientsAndItsUpdates() {
        assertThat(results("mlp")).containsExactly("block.0.mlp.x", "block.0.mlp.hidden", "block.0.mlp.hidden",
                "block.0.mlp.y", "d_block.0.mlp.hidden", "d_block.0.mlp.down", "d_block.0.mlp.hidden",
                "d_block.0.mlp.x",
                "d_block.0.mlp.up", "map", "map", "block.0.mlp.up.m'",
                "block.0.mlp.up.v'", "block.0.mlp.up'", "block.0.mlp.down.m'", "block.0.mlp.down.v'",
                "block.0.mlp.down'").isEqualTo(results("0.mlp")).isEqualTo(results("block.0.mlp"));
        assertThat(results("block.0")).containsAll(results("mlp")).hasSizeGreaterThan(results("mlp").size());
        assertThat(explain("--layer", "mlp").out()).contains("total of mlp, of 212 k FLOPs of the whole step");
    }

    private List<String> results(String layer) {
        return explain("--layer", layer).out().lines().filter(line -> line.contains("] = "))
                .map(line -> line.replaceAll("^.*?([^ ]+)#\\d+\\[[^]]*] = .*$", "$1")).toList();
    }

    /** In a plan, the statements that share a call stand above it. */
    @Test
    void statementsOfAPlanStandAboveTheirCalls() {
        assertThat(explain("--layer", "block.0.mlp.up", "--after", "plan").out().lines().map(String::strip))
                .containsSubsequence(
                        "block.0.mlp.up.m'#172[d f] = 0.9 * block.0.mlp.up.m#170 + d_block.0.mlp.up#53 * m_share#116, over block.0.mlp.up.m#170",
                        "block.0.mlp.up.v'#173[d f] = 0.95 * block.0.mlp.up.v#171 + square(d_block.0.mlp.up#53) * v_share#117, over block.0.mlp.up.v#171");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --after fuse-map        | einscale: --after fuse-map: no such pass, did you mean fuse-maps?; there are none, dead-code, reductions, pairwise, hoist, add-in-place, fuse-maps, fuse-batches, overwrite, plan
            --layer atention        | einscale: --layer atention: no value of the program is of such a layer; there are attention, block, block.0, norm, norm_2, mlp, head, embedding
            --layer block.0.mpl     | einscale: --layer block.0.mpl: no value of the program is of such a layer; there are block.0.mlp, block, block.0, norm, attention, norm_2, mlp, head, embedding
            --layer block.          | einscale: --layer block.: no value of the program is of such a layer; there are block.0, block, norm, attention, norm_2, mlp, head, embedding
            """)
    void aNameThatThereIsNotIsAnsweredWithThoseThereAre(String options, String message) {
        assertThat(explain(options.split(" "))).isEqualTo(new Result(2, "", message + System.lineSeparator()));
    }

    @Test
    void theHelpSaysWhatEachPassDoes() {
        String help = run(List.of("explain", "--help")).out();

        StepExplanation.stages()
                .forEach((name, does) -> assertThat(help).contains("  %-14s%s\n".formatted(name, does)));
    }
}
