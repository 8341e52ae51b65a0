package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Figures of einsums worked out by hand; of trainings, those of a model of one layer, d = 8 and f = 32. */
class ShardCommandTest {
    private static final Path CASES = Path.of("../../shared/cases/partition.json");
    private static final String TINY = """
            model { axes { d = 8, h = 2 }, layers = 1 }
            training { batch = 4, length = 4, evaluation-tokens = 64 }
            mesh { model = 2 }
            preset = megatron
            """;

    @TempDir
    private Path folder = Path.of("");
    private String file = "";

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("tiny.conf"), TINY).toString();
    }

    private static Result shard(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("shard"));
        all.addAll(Arrays.asList(arguments));
        int exitCode = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new Result(exitCode, out.toString(), err.toString());
    }

    private static JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--json");
        Result result = shard(all.toArray(String[]::new));
        assertThat(result.err()).isEmpty();
        return new ObjectMapper().readTree(result.out());
    }

    /** Both operands are moved, 32 x 128 and 32 x 128 numbers of 4 bytes in all, rather than half of a sum of 128 x 256. */
    @Test
    void theLeastBytesOfAnEinsum() throws IOException {
        assertThat(json("ij,jk->ik", "--sizes", "i=128,j=64,k=256", "--mesh", "x=2", "--in", "j=x", "--in", "j=x",
                "--out", "k=x", "--cost", "bytes"))
                .isEqualTo(new ObjectMapper().readTree("""
                        {"collectives": [
                           {"op": "all-gather", "value": "in0", "over": ["x"], "bytes": 16384},
                           {"op": "all-to-all", "value": "in1", "over": ["x"], "bytes": 16384}],
                         "bytes": 32768, "multiplications": 1048576, "output": {"k": ["x"]}}
                        """));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            # contracted on both sides: an all-reduce of V = 256 bytes sends 2 V (n - 1) / n, a reduce-scatter half of that
            ij,jk->ik  | --sizes i=8,j=64,k=8 --mesh x=4 --in j=x --in j=x                    | all-reduce in x: 384     | 1024 | {}
            ij,jk->ik  | --sizes i=8,j=64,k=8 --mesh x=4 --in j=x --in j=x --out i=x          | reduce-scatter in x: 192 | 1024 | {"i":["x"]}
            ij,jk->ik  | --sizes i=8,j=64,k=8 --mesh x=4 --in j=x --in j=x --out partial=x    | -                        | 1024 | {"partial":["x"]}
            # a batch, and columns
            bij,bjk->bik | --sizes b=4,i=8,j=8,k=8 --mesh x=4 --in b=x --in b=x --out b=x     | -                        | 512  | {"b":["x"]}
            ij,jk->ik  | --sizes i=8,j=8,k=8 --mesh x=2,y=2 --in i=x --in k=y --out i=x,k=y   | -                        | 128  | {"i":["x"],"k":["y"]}
            # uneven: the first of two devices has 3 of 5 rows and sends 24 numbers, the other has 2 and sends 16
            ij->ij     | --sizes i=5,j=8 --mesh x=2 --in i=x                                  | all-gather in x: 96      | 0    | {}
            # a diagonal is of the whole
            ii->i      | --sizes i=8 --mesh x=2 --in i=,i=x --cost bytes                      | all-gather in x: 128     | 0    | {}
            # factors of a mesh axis, alone and together
            ij->ij     | --sizes i=8,j=8 --mesh x=8 --in i=x:(1)2 --out i=x:(1)2,j=x:(2)4     | -                        | 0    | {"i":["x:(1)2"],"j":["x:(2)4"]}
            ij->ij     | --sizes i=8,j=8 --mesh x=8 --in i=x:(1)2+x:(2)4 --out i=x            | -                        | 0    | {"i":["x"]}
            # names as words, and an operand that is whole
            "b d, d f -> b f" | --sizes b=8,d=8,f=8 --mesh data=2 --in b=data --out b=data    | -                        | 256  | {"b":["data"]}
            """)
    void whatAnEinsumSends(String einsum, String options, String collective, long multiplications, String output)
            throws IOException {
        JsonNode report = json(Stream.concat(Stream.of(einsum), Stream.of(options.split(" "))).toArray(String[]::new));

        assertThat(StreamSupport.stream(report.get("collectives").spliterator(), false)
                .map(c -> c.get("op").asText() + " in " + c.get("over").get(0).asText() + ": " + c.get("bytes"))
                .toList()).isEqualTo(collective == null ? List.of() : List.of(collective));
        assertThat(report.get("multiplications").asLong()).isEqualTo(multiplications);
        assertThat(report.get("output")).isEqualTo(new ObjectMapper().readTree(output));
    }

    @Test
    void aTableOfWhatADeviceDoes() {
        assertThat(shard("ij,jk->ik", "--sizes", "i=8,j=64,k=8", "--mesh", "x=2", "--in", "j=x", "--in", "j=x").out())
                .isEqualTo("""
                        ij,jk->ik on 2 devices: x=2
                        in0[i j/x]  in1[j/x k]  out[i k]

                        shape   FLOPs   sent  statement
                          8x8  4.10 k         out#2[i k] = einsum('i j, j k -> i k', in0#0, in1#1)
                          8x8       0  256 B  out#3[i k] = all_reduce(out#2, 'x')

                               4.10 k  256 B  total of a device
                        """);
    }

    @Test
    void anExplanationSaysWhy() {
        assertThat(shard("ij,jk->ik", "--sizes", "i=8,j=64,k=8", "--mesh", "x=2", "--in", "i=x", "--in", "j=x",
                "--out", "i=x", "--explain").out().lines().map(String::strip)).contains(
                        "64x8       0  2.00 KiB  1.00 KiB  in1#2[j k] = all_gather(in1#1, 'x')",
                        "because out#2[i k] = einsum('i j, j k -> i k', in0#0, in1#1) needs in1 as [j k] and finds it as"
                                + " [j/x k]: x splits j by the given sharding, but i there by the given sharding");
    }

    @Test
    void aDrawingShowsWhichDeviceHasWhat() {
        assertThat(shard("ij,jk->ik", "--sizes", "i=5,j=4,k=6", "--mesh", "x=2,y=2", "--in", "i=x", "--in", "k=y",
                "--out", "i=x,k=y", "--draw", "out", "--draw", "in0").out()).isEqualTo("""
                        out#2[i/x k/y] of 5x6, device = 2 x + y

                                 k 0..2   k 3..5
                               +--------+--------+
                        i 0..2 | 0      | 1      |
                               +--------+--------+
                        i 3..4 | 2      | 3      |
                               +--------+--------+

                        in0#0[i/x j] of 5x4, device = 2 x + y

                                 j 0..3
                               +--------+
                        i 0..2 | 0-1    |
                               +--------+
                        i 3..4 | 2-3    |
                               +--------+
                        """);
    }

    /** Of three axes two are drawn; of many parts the first and the last. */
    @Test
    void aDrawingIsNeverLarge() {
        String drawing = shard("ijk->ijk", "--sizes", "i=3,j=64,k=4", "--mesh", "x=32,y=2,z=2", "--in",
                "i=y,j=x,k=z", "--draw", "in0").out();

        assertThat(drawing).startsWith("in0#0[i/y j/x k/z] of 3x64x4, device = 4 x + 2 y + z, not drawn: k/z\n")
                .contains("j 18..19   ...   j 62..63").contains("i 2    | 2-3    |").hasLineCount(8);
        assertThat(
                shard("i->i", "--sizes", "i=3", "--mesh", "x=4", "--in", "i=x", "--out", "i=x", "--draw", "in0").out())
                .contains("i 0    | 0 |").contains("i none | 3 |");
    }

    /** Along k both operands are moved: 32 KiB less than the sum of halves, but in one more exchange, which takes longer. */
    @Test
    void anExplanationSaysWhatWasRejected() throws IOException {
        List<String> einsum = List.of("ij,jk->ik", "--sizes", "i=128,j=64,k=256", "--mesh", "x=2", "--in", "j=x",
                "--in",
                "j=x", "--out", "k=x", "--explain");
        assertThat(shard(einsum.toArray(String[]::new)).out()).contains(
                "shared by j=x, not by k=x (13.4 us more: 32.0 KiB less, 1 round more), nor by i=x (");

        JsonNode line = json(einsum.toArray(String[]::new)).get("statements").get(0);
        assertThat(line.get("along").asText()).isEqualTo("j=x");
        assertThat(line.get("rejected").get(0)).hasToString("{\"along\":\"k=x\",\"seconds\":"
                + line.get("rejected").get(0).get("seconds") + ",\"flops\":0.0,\"bytes\":-32768.0,\"rounds\":1}");
        assertThat(line.get("rejected").get(0).get("seconds").asDouble()).isBetween(13.3e-6, 13.5e-6);
    }

    @Test
    void anImageShowsWhatADrawingDoes() throws Exception {
        Path image = folder.resolve("out.svg");
        String[] drawn = {"ij,jk->ik", "--sizes", "i=5,j=4,k=6", "--mesh", "x=2,y=2", "--in", "i=x", "--in", "k=y",
            "--out", "i=x,k=y", "--svg", image.toString(), "--draw"};

        assertThat(shard(with(drawn, "out"))).isEqualTo(new Result(0, "", ""));
        Element svg = xml(image);
        assertThat(texts(svg)).containsExactly("i 0..2", "i 3..4", "k 0..2", "k 3..5", "0", "1", "2", "3", "x=2 x y=2",
                "0", "1", "2", "3", "out#2[i/x k/y] of 5x6, device = 2 x + y");
        // Three of five rows and two of them are to scale, on a sheet that is one part more.
        List<Double> heights = attributes(svg, "rect", "height").stream().skip(1).map(Double::valueOf).toList();
        assertThat(heights).hasSize(4).first().isEqualTo(heights.get(1));
        assertThat(heights.get(0) / heights.get(2)).isCloseTo(1.5, within(1e-3));
        assertThat(attributes(svg, "circle", "fill")).hasSize(8).satisfies(fills -> assertThat(fills.subList(0, 4))
                .doesNotHaveDuplicates().isEqualTo(fills.subList(4, 8)));
    }

    @Test
    void anImageMarksReplicasAddendsAndWhatHasNothing() throws Exception {
        Path image = folder.resolve("part.svg");
        String[] drawn = {"ij,jk->ik", "--sizes", "i=5,j=8,k=6", "--mesh", "x=4,y=2", "--in", "j=x", "--in", "j=x",
            "--out", "partial=x", "--svg", image.toString(), "--draw"};
        shard(with(drawn, "out"));
        assertThat(texts(xml(image))).contains("+", "every part is on 2 devices",
                "out#2[i k] of 5x6, device = 2 x + y, addends over x");
        shard("i->i", "--sizes", "i=3", "--mesh", "x=4", "--in", "i=x", "--out", "i=x", "--draw", "in0", "--svg",
                image.toString());
        assertThat(texts(xml(image))).contains("no elements: 3").doesNotContain("+");

        assertThat(shard("i->i", "--svg", image.toString()).err())
                .startsWith("einscale: --svg is for one value, found 0; expected one --draw beside it");
        assertThat(shard(with(drawn, "outt"))).returns(2, Result::exitCode);
        Path nowhere = folder.resolve("no/a.svg");
        assertThat(shard("i->i", "--sizes", "i=3", "--draw", "in0", "--svg", nowhere.toString()))
                .isEqualTo(new Result(2,
                        "", "einscale: " + nowhere + ": there is no folder " + nowhere.getParent() + "\n"));
    }

    /** The README shows what its commands draw. */
    @TestFactory
    Stream<DynamicTest> imagesOfTheReadmeAreWhatTheToolDraws() throws IOException {
        Pattern words = Pattern.compile("\"([^\"]*)\"|(\\S+)");
        return Files.readAllLines(Path.of("../sharding/README.md")).stream()
                .filter(line -> line.startsWith("experiments/bin/einscale shard ") && line.contains(" --svg "))
                .map(line -> words.matcher(line.substring("experiments/bin/einscale shard ".length())).results()
                        .map(word -> word.group(1) == null ? word.group(2) : word.group(1)).toList())
                .map(command -> DynamicTest.dynamicTest(command.getLast(), () -> {
                    Path image = folder.resolve("image.svg");
                    String[] arguments = command.stream().map(word -> word.equals(command.getLast())
                            ? image.toString()
                            : word.startsWith("experiments/") ? "../" + word : word).toArray(String[]::new);
                    assertThat(shard(arguments)).isEqualTo(new Result(0, "", ""));
                    assertThat(image).hasSameTextualContentAs(Path.of("..").resolve(command.getLast()));
                }));
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private static Element xml(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }

    private static List<String> texts(Element svg) {
        NodeList texts = svg.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength()).mapToObj(i -> texts.item(i).getTextContent()).toList();
    }

    private static List<String> attributes(Element svg, String tag, String name) {
        NodeList elements = svg.getElementsByTagName(tag);
        return IntStream.range(0, elements.getLength())
                .mapToObj(i -> ((Element) elements.item(i)).getAttribute(name)).toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --in q=x            | einscale: --in "q=x": axis 'q' is not of [i j]
            --in i=z            | einscale: --in "i=z": the mesh has no axis 'z'; it has [x, yy]
            --in i=y            | einscale: --in "i=y": the mesh has no axis 'y'; it has [x, yy]; did you mean 'yy'?
            --in i=x,j=x        | einscale: --in "i=x,j=x": mesh axis 'x' is used twice in [x x]; a mesh axis splits at most one axis of a tensor
            --in i=x,partial=x  | einscale: --in "i=x,partial=x": mesh axis 'x' is used twice in [x *] sum over x; a mesh axis splits at most one axis of a tensor
            --in i=x,i=yy       | einscale: --in "i=x,i=yy": axis 'i' is split more often than it stands in [i j]; join mesh axes as in i=x+y
            --in i              | einscale: --in "i": found 'i'; expected AXIS=MESH_AXIS, as in j=x, j=x+y or partial=x
            --in i=x --in i=x   | einscale: --in stands 2 times; expected at most one for each of the 1 operands of "ij->ij"
            --in i=x:(1)3       | einscale: --in "i=x:(1)3": 'x:(1)3' is no factor of mesh axis 'x' of size 2; expected parts in front, times its size, to divide 2
            --out partial=x     | einscale: --out "partial=x": the result is no unfinished sum over x, as no axis is summed and no operand is one; expected it whole or split over x
            --draw outt         | einscale: --draw outt: no such value, did you mean out?; there are in0, out
            """)
    void anEinsumThatIsNotThereIsRefusedInALine(String options, String message) {
        List<String> all = new ArrayList<>(List.of("ij->ij", "--sizes", "i=8,j=8", "--mesh", "x=2,yy=2"));
        all.addAll(List.of(options.split(" ")));

        assertThat(shard(all.toArray(String[]::new))).isEqualTo(new Result(2, "", message + System.lineSeparator()));
    }

    @Test
    void optionsOfTheOtherKindAreRefused() {
        assertThat(shard("i->i", "--rules", "b=data").err())
                .startsWith("einscale: option --rules is for a file of settings, not for an einsum");
        assertThat(shard(file, "--in", "i=x").err())
                .startsWith("einscale: option --in is for an einsum, not for a file of settings");
        assertThat(shard(file, "--json", "--draw", "loss")).returns(2, Result::exitCode);
        assertThat(shard(folder.resolve("none.conf").toString()).err()).endsWith("none.conf: no such file\n");
    }

    /** Gradients of all parameters, summed up, and the loss. */
    @ParameterizedTest
    @CsvSource({"2, 4", "4, 12"})
    void dataParallelSendsTheGradientsAndNothingElse(int devices, long loss) throws IOException {
        JsonNode report = json(file, "--mesh", "data=" + devices, "--preset", "data");
        JsonNode step = report.get("step");
        long parameters = step.get("device").get("parameterBytes").asLong();

        assertThat(report.get("bytes").asLong()).isEqualTo(2 * parameters * (devices - 1) / devices + loss);
        assertThat(parameters).isEqualTo(step.get("alone").get("parameterBytes").asLong());
        assertThat(report.get("collectives")).allSatisfy(collective -> {
            assertThat(collective.get("op").asText()).isEqualTo("all-reduce");
            assertThat(collective.get("over")).hasToString("[\"data\"]");
            assertThat(collective.get("asker").asText()).isEqualTo("rule b=data");
        });
    }

    @Test
    void statesOfTheOptimizerAndParametersAreSplitAsThePresetsSay() throws IOException {
        JsonNode step = json(file, "--mesh", "data=4", "--preset", "zero1").get("step");
        assertThat(4 * step.get("device").get("optimizerBytes").asLong())
                .isEqualTo(step.get("alone").get("optimizerBytes").asLong());
        assertThat(step.get("device").get("parameterBytes")).isEqualTo(step.get("alone").get("parameterBytes"));

        JsonNode all = json(file, "--mesh", "data=4", "--preset", "fsdp").get("step");
        assertThat(4 * all.get("device").get("parameterBytes").asLong())
                .isEqualTo(all.get("alone").get("parameterBytes").asLong());
    }

    /** What stands in the file holds until an option takes its place. */
    @Test
    void optionsTakeThePlaceOfSettings() {
        assertThat(shard(file).out())
                .startsWith("tiny: a training step on 2 devices: model=2\nrules h=model, f=model\n");
        assertThat(shard(file, "--mesh", "data=4", "--preset", "data").out())
                .startsWith("tiny: a training step on 4 devices: data=4\nrules b=data\n");
        assertThat(shard(file, "--rules", "v=model", "-S", "preset=[]").out()).contains("\nrules v=model\n");
        assertThat(shard(file, "--preset", "megatrn").err()).contains("no preset 'megatrn', did you mean megatron?");
    }

    @Test
    void totalsAreByCollectiveAndByRule() {
        List<String> lines = shard(file, "--mesh", "data=2", "--preset", "data").out().lines().toList();

        assertThat(lines.stream().map(line -> line.replaceAll("^ *\\d+ +[0-9.]+ (Ki)?B  ", "")).toList())
                .containsSubsequence("count      sent  collective", "all-reduce over data", "total",
                        "count      sent  mesh axis", "data", "total", "count      sent  asked for by", "rule b=data",
                        "total");
        assertThat(lines.getLast()).endsWith("one device alone");
    }

    @Test
    void aReportOfAStepSaysHowValuesAreSplitAndWhatADeviceTakes() throws IOException {
        JsonNode report = json(file);
        JsonNode step = report.get("step");
        assertThat(step.get("mesh")).hasToString("{\"model\":2}");
        assertThat(step.get("values").get("block.0.mlp.up").asText()).isEqualTo("[d f/model]");
        assertThat(step.get("rounds").asInt()).isEqualTo(report.get("collectives").size());
        assertThat(step.get("seconds").asDouble()).isPositive();
        assertThat(step.get("device").get("memoryBytes").asLong())
                .isLessThan(step.get("alone").get("memoryBytes").asLong())
                .isGreaterThan(step.get("device").get("parameterBytes").asLong());
        assertThat(report.get("collectives")).noneMatch(sent -> sent.has("remedy"))
                .allMatch(sent -> sent.get("reason").asText().contains("rule "));
        assertThat(json(file, "--rules", "d=model").get("collectives")).anyMatch(sent -> sent.has("remedy"));
        assertThat(shard(file, "--rules", "d=model").out()).contains(", which is implicit\n");
    }

    @Test
    void aParameterOfATrainingCanBeDrawn() {
        assertThat(shard(file, "--draw", "block.0.mlp.up").out()).contains("[d f/model] of 8x32, device = model\n")
                .contains("d 0..7 | 0       | 1        |");
    }

    @Test
    void everyExchangeOfAStepIsExplained() throws IOException {
        JsonNode report = json(file, "--mesh", "data=2,model=2", "--preset", "fsdp,megatron,vocabulary", "--explain");
        List<JsonNode> exchanges = new ArrayList<>();
        report.get("statements").forEach(line -> {
            if (line.get("sent").asLong() > 0) {
                exchanges.add(line);
            }
        });

        assertThat(exchanges).hasSameSizeAs(report.get("collectives"))
                .allSatisfy(line -> assertThat(line.get("reason").asText()).contains("rule ").doesNotContain("\n"));
        assertThat(exchanges.stream().mapToLong(line -> line.get("sent").asLong()).sum())
                .isEqualTo(report.get("bytes").asLong());
    }

    /** What presets send, their rules ask for; two rules that want the same mesh axis do not. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            data=2                    | data
            data=2                    | zero1
            data=2                    | zero2
            data=2                    | fsdp
            model=2                   | megatron
            model=2                   | sequence
            model=2                   | vocabulary
            context=2                 | context
            data=2,model=2            | data,megatron,vocabulary
            data=2,model=2            | zero1,sequence
            data=2,model=2,context=2  | fsdp,megatron,context
            """)
    void presetsSendNothingThatNoRuleAsksFor(String mesh, String presets) {
        assertThat(shard(file, "--mesh", mesh, "--preset", presets, "--forbid-implicit"))
                .satisfies(result -> assertThat(result.err()).isEmpty()).returns(0, Result::exitCode);
    }

    @Test
    void whatNoRuleAsksForCanBeForbidden() {
        Result refused = shard(file, "--rules", "d=model", "-S", "shard.forbid-implicit=true");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).startsWith("einscale: no rule asks for ").contains(" = all_gather(block.0.mlp.")
                .contains(", which sends ").contains(" would ask for it, and without rule ").hasLineCount(1);
        assertThat(shard(file, "--rules", "d=model")).returns(0, Result::exitCode);

        List<String> einsum = List.of("ij,jk->ik", "--sizes", "i=8,j=64,k=8", "--mesh", "x=4", "--in", "j=x",
                "--forbid-implicit", "--in");
        assertThat(shard(Stream.concat(einsum.stream(), Stream.of("j=x")).toArray(String[]::new)).exitCode()).isZero();
        assertThat(shard(Stream.concat(einsum.stream(), Stream.of("k=x")).toArray(String[]::new)).err())
                .contains("no rule asks for in0#2[i j] = all_gather(in0#0, 'x'), which sends 1.50 KiB")
                .contains("; it goes away if in0 is given without j=x");
    }

    @Test
    void whatIsNotHeldSomeWaySaysWhyAndWhatItWouldTake() throws IOException {
        assertThat(shard(file, "--why-not", "block.0.mlp.up=f:model").out())
                .isEqualTo("block.0.mlp.up is held as [d f/model]\n");
        List<String> lines = shard(file, "--why-not", "block.0.mlp.up=d:model").out().lines().map(String::strip)
                .toList();
        assertThat(lines).startsWith("block.0.mlp.up is held as [d f/model], not as [d/model f]:",
                "nothing asks for d over model, and model already splits f by rule f=model: a mesh axis splits at most"
                        + " one axis of a value",
                "");
        assertThat(lines.get(4)).endsWith("as it is");
        assertThat(lines.get(5)).endsWith("block.0.mlp.up as [d/model f]");
        assertThat(lines.get(6)).endsWith("with rule d=model for all values");
        assertThat(lines.getLast()).startsWith("held so, a device takes ").contains(" more: sent ");

        JsonNode answer = json(file, "--why-not", "block.0.mlp.up=f:");
        assertThat(answer.get("reasons").get(0).asText()).isEqualTo("model splits f by rule f=model");
        assertThat(answer.get("plans")).hasSize(2);
        assertThat(answer.get("plans").get(1).get("bytes").asLong())
                .isGreaterThan(answer.get("plans").get(0).get("bytes").asLong());
        assertThat(json("ij,jk->ik", "--sizes", "i=8,j=64,k=8", "--mesh", "x=4", "--in", "j=x", "--in", "j=x",
                "--why-not", "out=i:x").get("plans").findValuesAsText("bytes")).containsExactly("384", "192");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            block.0.mlp.upp=d:model | "block.0.mlp.upp=d:model": no value 'block.0.mlp.upp', did you mean block.0.mlp.up?; there are
            block.0.mlp.up=q:model  | "block.0.mlp.up=q:model": axis 'q' is not of block.0.mlp.up [d f]
            block.0.mlp.up=d:modell | "block.0.mlp.up=d:modell": the mesh has no axis 'modell'; it has [model]; did you mean 'model'?
            block.0.mlp.up=d:model,f:model | "block.0.mlp.up=d:model,f:model": mesh axis 'model' is used twice in [model model]
            block.0.mlp.up          | "block.0.mlp.up": found ''; expected VALUE=AXIS:MESH_AXIS, as in q=h:model or q=b:data,h:model
            block.0.mlp.up=d        | "block.0.mlp.up=d": found 'd'; expected VALUE=AXIS:MESH_AXIS
            """)
    void aQuestionAboutNothingIsRefused(String question, String message) {
        assertThat(shard(file, "--why-not", question)).returns(2, Result::exitCode)
                .satisfies(result -> assertThat(result.err()).startsWith("einscale: --why-not " + message));
    }

    @TestFactory
    Stream<DynamicTest> contractionsSendNoMoreThanOthers() throws IOException {
        assumeTrue(Files.exists(CASES));
        return StreamSupport.stream(new ObjectMapper().readTree(CASES.toFile()).get("cases").spliterator(), false)
                .filter(node -> node.get("kind").asText().equals("einsum"))
                .map(node -> DynamicTest.dynamicTest(node.get("id").asText(), () -> check(node)));
    }

    private static void check(JsonNode node) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(node.get("equation").asText(), "--sizes",
                pairs(node.get("sizes")), "--mesh", pairs(node.get("mesh")), "--cost", "bytes"));
        for (int i = 0; i < node.get("operands").size(); i++) {
            arguments.addAll(
                    List.of("--in", declaration(node.get("operands").get(i), node.path("operands_partial").path(i))));
        }
        arguments.addAll(List.of("--out", declaration(node.get("output"), node.path("output_partial"))));
        JsonNode report = json(arguments.toArray(String[]::new));

        assertThat(report.get("bytes").asLong())
                .isLessThanOrEqualTo(node.path("best_bytes_f32").asLong(node.get("plan_bytes_f32").asLong()));
        node.get("output").properties()
                .forEach(axis -> assertThat(report.get("output").get(axis.getKey())).isEqualTo(axis.getValue()));
    }

    private static String pairs(JsonNode node) {
        return node.properties().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static String declaration(JsonNode split, JsonNode partial) {
        Stream<String> axes = split.properties().stream().map(entry -> entry.getKey() + "=" + joined(entry.getValue()));
        return Stream.concat(axes, partial.isEmpty() ? Stream.empty() : Stream.of("partial=" + joined(partial)))
                .collect(Collectors.joining(","));
    }

    private static String joined(JsonNode names) {
        return StreamSupport.stream(names.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining("+"));
    }

    @Test
    void searchesAPlanForSomeDevices() {
        Result found = shard(file, "--auto", "4");
        assertThat(found.exitCode()).as(found.err()).isZero();
        assertThat(found.out().lines().toList()).hasSize(4).element(1).asString().contains("--mesh x=");
        assertThat(found.out()).contains("--mesh x=2,y=2").contains("  loses: ");
        assertThat(shard(file, "--auto", "0").err()).contains("--auto: found 0; expected at least 1");
    }

    @Test
    void comparesMeshes() {
        Result found = shard(file, "--compare", "2", "-S", "shard.compare=[\"\", \"data=2: data\"]", "--machine",
                "typical");
        assertThat(found.exitCode()).as(found.err()).isZero();
        List<String> lines = found.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).startsWith("one device").contains(" 0 B ");
        assertThat(lines.get(2)).startsWith("data=2: data");
        assertThat(lines.get(1).substring(lines.get(1).length() - 6)).as("the loss does not depend on the mesh")
                .isEqualTo(lines.get(2).substring(lines.get(2).length() - 6));
        assertThat(shard(file, "--compare").err()).contains("shard.compare names no mesh");
    }

    /** The head takes longest and is a stage of its own: 16 x 8 numbers go there in two parts, and the shared table of 256 x 8. */
    @Test
    void stagesAreToldOneByOne() throws IOException {
        JsonNode told = json(file, "--mesh", "stage=2", "--preset", "pipeline", "-S", "model.layers=2", "-S",
                "training.micro-batches=2", "-S", "data.tokenizer.kind=bytes");

        assertThat(told.get("microBatches").asInt()).isEqualTo(2);
        assertThat(told.get("stages")).hasSize(2).allSatisfy(stage -> assertThat(stage.get("bytes").asInt()).isZero());
        assertThat(told.get("handed")).isEqualTo(new ObjectMapper().readTree("""
                [{"from": 0, "to": 1, "values": 3, "bytes": 8704}, {"from": 1, "to": 0, "values": 3, "bytes": 8704}]
                """));
        assertThat(shard(file, "--mesh", "stage=2", "--preset", "pipeline", "-S", "model.layers=2").out())
                .startsWith(
                        "tiny: a training step on 2 devices: stage=2, 1 micro-batches\nrules layers=stage\n\nstage 0 of 2")
                .contains("stage 1 to stage 0");
    }

    /** Of the first stage that has a value; the second is the head. */
    @Test
    void aValueOfAStageIsDrawnAndAskedFor() throws IOException {
        String[] staged = {file, "--mesh", "stage=2,model=2", "--preset", "pipeline,megatron", "-S", "model.layers=2"};

        assertThat(shard(with(staged, "--draw", "block.1.mlp.up")).out())
                .contains("[d f/model]", "device of stage 0 = model", "f 0..15", "f 16..31");
        assertThat(shard(with(staged, "--draw", "head.y")).out()).contains("device of stage 1 = model");
        JsonNode answer = json(with(staged, "--why-not", "block.1.mlp.up=d:model"));
        assertThat(answer.get("held").asText()).isEqualTo("[d f/model]");
        assertThat(answer.get("plans").get(0).get("bytes").asInt()).isPositive();
        assertThat(answer.get("plans").get(1).get("bytes").asInt())
                .isGreaterThan(answer.get("plans").get(0).get("bytes").asInt());
        assertThat(shard(with(staged, "--why-not", "block.1.mlp.upp=d:model")).err())
                .contains("no value 'block.1.mlp.upp', did you mean block.1.mlp.up?");
        assertThat(shard(with(staged, "--draw", "block.1.mlp.upp")).err())
                .contains("no such value, did you mean block.1.mlp.up?");
    }
}
