package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.einscale.scaling.ScalingException;
import org.einscale.tensor.file.Npy;
import org.einscale.trainer.SavedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandLineTest {
    private static final String TABLE = """
            parameters,val_loss
            1000,3.7623
            3000,3.2589
            10000,2.8345
            30000,2.5398
            100000,2.2913
            300000,2.1188
            """;

    private static final String SHORT = """
            data { source = %s, validation-fraction = 0.2 }
            training.evaluation-tokens = 1000000
            """;

    @TempDir
    private Path folder = Path.of("");

    private record Result(int exitCode, String out, String err) {}

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "train --help", "sweep --help", "fit --help", "predict --help", "frontier --help",
        "plot --help", "report --help", "watch --help", "reproduce --help", "compare --help", "sample --help",
        "einsum --help", "explain --help"})
    void helpShowsExamplesAndSucceeds(String arguments) {
        Result result = run(arguments.split(" "));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("Usage: einscale").contains("Examples:");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("--version").out()).startsWith("einscale " + Version.number()).contains("Java 2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            NOTHING              | einscale: expected a command: train, sweep, fit, predict, frontier, plot, report, watch, reproduce, compare, coordinate-check, sample, answers, einsum
            fitt                 | einscale: unmatched argument at index 0: 'fitt'
            sweep                | einscale: missing required parameter: 'CONFIG'
            sweep nowhere.conf   | einscale: nowhere.conf: no such file
            sweep EMPTY          | einscale: sweep.sizes: expected at least one size, or settings in sweep.grid, zip or random, found none
            train EMPTY -S data.source=nowhere.txt | einscale: no such file or folder: nowhere.txt
            train EMPTY -S sed=1 | einscale: -S sed=1: sed: no such setting; did you mean seed?
            sample nowhere       | einscale: nowhere: no run there
            sample nowhere --top-p 2 | einscale: top-p 2.0: expected a number above 0
            sample nowhere --temperature 1d | einscale: invalid value for option '--temperature': '1d' is not a number
            report nowhere       | einscale: nowhere: no run there; expected a folder that `einscale sweep` or `einscale train` wrote
            report TABLE         | TABLE: no run there
            watch nowhere        | einscale: nowhere: no run there
            watch nowhere --terminal | einscale: nowhere: no run there
            fit FOLDERWITHOUT      | FOLDERWITHOUT: a folder without runs.csv; expected a table, or a folder that `einscale sweep` wrote
            plot TABLE           | einscale: missing required option: '--output=FILE.png'
            einsum ij->ji nowhere.npy | nowhere.npy
            einsum ij->ji        | einscale: missing required parameter: 'FILE.npy'
            einsum ij,jk->ik TWOBYTHREE TWOBYTHREE | axis 'j'
            einsum ij->i --explain --memory 1x --sizes i=1,j=1 | einscale: --memory 1x: expected a number of bytes
            einsum ij,jk,k->i --explain --memory 0 --sizes i=2,j=2,k=2 | limit to its memory is 0
            train SHORT -S training.length=100000 | sequence length 100,000 is too long for the text
            train SHORT -S data.source=BLANK | BLANK holds no text: expected at least one line that is not blank
            sweep SHORT -S fit.law=chincilla | einscale: -S fit.law=chincilla: fit.law: no law 'chincilla', did you mean 'chinchilla'?
            train SHORT -S training.batch=x | einscale: -S training.batch=x: training.batch: expected a whole number of at least 1, found "x"
            train SHORT -S model.block=[attention,mpl] | there is no layer 'mpl'
            sweep SHORT -S sweep.sizes=[{}] | einscale: -S sweep.sizes=[{}]: sweep.sizes[0]: expected what this trial sets
            sample MODEL --trial d64 | einscale: --trial d64: MODEL is the folder of one model; leave --trial out
            fit                  | einscale: missing required parameter: 'FILE.csv'
            fit nowhere.csv      | nowhere.csv: no such file
            fit TABLE            | column 'n'
            fit TABLE --n paramters | parameters
            plot TABLE --n parameters --law chinchilla -o x.png | the law needs the token count D, for which no column is named
            predict TABLE --n parameters | nothing to predict: expected --at, as in --at n=1e9, or --budget
            predict TABLE --n parameters --at n | --at n: expected a value for each input, as in n=1e9,d=2e10; found 'n'
            fit TABLE --n parameters --law chincila | no law 'chincila', did you mean 'chinchilla'?
            fit TABLE --n parameters --law chinchilla | the law needs the token count D, for which no column is named
            fit TABLE --n parameters --law E+A*n^ | character 7: expected a number, a name or '(', found the end
            fit TABLE --n parameters --set a=1 | has no parameter 'a', did you mean 'A'?
            fit TABLE --n parameters --where loss<4 | has no column 'loss'
            fit TABLE --n parameters --where parameters=1e4 | a fit needs at least 3 different values of the size N, found
            fit TABLE --n parameters --seed x | einscale: invalid value for option '--seed': 'x' is not a long
            plot TABLE --n parameters -o curve.bmpp | einscale: curve.bmpp: no picture can be written with the ending '.bmpp'
            fit TABLE --n parameters --bootstrap 0 | replicates must be at least 1, found 0
            """)
    void aMistakeIsToldShortlyWithExitCodeTwo(String arguments, String message) throws IOException {
        Map<String, Path> files = files();
        Result result = arguments.equals("NOTHING") ? run() : run(named(arguments, files).split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(named(message, files)).doesNotContain("\tat ")
                .hasLineCount(lines(result.err()));
        assertThat(result.out()).isEmpty();
    }

    private Map<String, Path> files() throws IOException {
        Path matrix = folder.resolve("matrix.npy");
        Npy.write(matrix, Nd4j.createFromArray(new float[][]{{1, 2, 3}, {4, 5, 6}}));
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve(SavedModel.FILE), "");
        return Map.of("TABLE", Files.writeString(folder.resolve("table.csv"), TABLE),
                "FOLDERWITHOUT", Files.createDirectory(folder.resolve("none")), "EMPTY",
                Files.writeString(folder.resolve("empty.conf"), ""),
                "BLANK", Files.writeString(folder.resolve("blank.txt"), "\n \n"),
                "SHORT",
                Files.writeString(folder.resolve("short.conf"),
                        SHORT.formatted(ConfigUtil.quoteString(text().toString()))),
                "TWOBYTHREE", matrix, "MODEL", model);
    }

    private Path text() throws IOException {
        return Files.write(folder.resolve("text.txt"),
                IntStream.range(0, 60).mapToObj("the cat sat on mat %d"::formatted)
                        .toList());
    }

    /** The text with paths in the places of the names of files. */
    private static String named(String text, Map<String, Path> files) {
        String named = text;
        for (Map.Entry<String, Path> file : files.entrySet()) {
            named = named.replace(file.getKey(), file.getValue().toString());
        }
        return named;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            y = einsum('b l d, d q -> b l d', x, w  | ')'
            y = einsum('b l d, d q -> b l r', x, w) | axis 'r'
            y = einsum('b l d, d q -> b l d', x, u) | 'u'
            """)
    void aMistakeInALayerIsShownWithACaretBelowIt(String step, String message) throws IOException {
        String layer = "layers.mine { sizes { q = d }, parameters { w = \"d q\" }, steps = [\"%s\"] }%nmodel.block = [mine]%n";
        Path file = Files.writeString(folder.resolve("layer.conf"),
                SHORT.formatted(ConfigUtil.quoteString(text().toString())) + layer.formatted(step));

        Result result = run("train", file.toString(), "-o", folder.resolve("run").toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("einscale: " + file + ":")
                .contains(": layer 'mine': ", message, "\n    " + step + "\n     ").doesNotContain("\tat ");
        assertThat(result.err().lines().toList().getLast().strip()).isEqualTo("^");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void anAxisOfALayerThatNothingGivesASizeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("layer.conf"),
                SHORT.formatted(ConfigUtil.quoteString(text().toString())) + """
                        layers.mine { parameters { w = "d q" }, steps = ["y = einsum('b l d, d q -> b l d', x, w)"] }
                        model.block = [mine]
                        """);

        Result result = run("train", file.toString(), "-o", folder.resolve("run").toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("'q'", "mine").hasLineCount(1);
    }

    @Test
    void aFullDiskIsNobodysMistake() {
        for (IOException full : List.of(new IOException("No space left on device"),
                new FileSystemException("runs/a", null, "No space left on device"))) {
            assertThat(failure(new ScalingException("cannot write runs.csv: disk full", full)))
                    .isEqualTo(new Result(1, "", "einscale: cannot write runs.csv: disk full%n".formatted()));
        }
        for (IOException mistake : List.of(new NoSuchFileException("runs/a"), new MalformedInputException(1),
                new FileSystemException("runs/a", null, "Is a directory"))) {
            assertThat(failure(new ScalingException("cannot read runs.csv", mistake)).exitCode()).isEqualTo(2);
        }
    }

    @Test
    void tooLittleMemoryIsOneLine() {
        Result result = failure(new OutOfMemoryError("Java heap space"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("einscale: out of memory: Java heap space; ").hasLineCount(1);
    }

    /** What einscale makes of a command that ends like this. */
    private static Result failure(Throwable failure) {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine().addSubcommand("fail", new Failing(failure))
                .setErr(new PrintWriter(err));
        return new Result(commandLine.execute("fail"), "", err.toString());
    }

    @Command
    private record Failing(Throwable failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    @Test
    void outputThatIsLostIsAFailure() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Path table = Files.writeString(folder.resolve("table.csv"), TABLE);
        StringWriter err = new StringWriter();
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(full, StandardOpenOption.WRITE))) {
            int exitCode = Main.commandLine().setOut(out).setErr(new PrintWriter(err)).execute("fit", table.toString(),
                    "--n", "parameters", "--bootstrap", "20", "--json");

            assertThat(exitCode).isEqualTo(1);
            assertThat(err.toString()).isEqualTo("einscale: standard output cannot be written%n".formatted());
        }
    }

    /** The message, for wrong usage where to read more, and for a wrong einsum the string and a caret. */
    private static int lines(String err) {
        if (err.strip().endsWith("^")) {
            return err.contains("\n(read as") ? 4 : 3;
        }
        return err.contains("--help") || err.contains("Did you mean") ? 2 : 1;
    }

    @Test
    void debugShowsWhereAMistakeWasFound() {
        Result result = run("fit", "nowhere.csv", "--debug");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("\tat org.einscale.");
    }

    @Test
    void fitReportsTheLawAsATableOrAsJson() throws IOException {
        String table = Files.writeString(folder.resolve("table.csv"), TABLE).toString();

        Result text = run("fit", table, "--n", "parameters", "--bootstrap", "100");
        Result json = run("fit", table, "--n", "parameters", "--bootstrap", "100", "--json");

        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).contains("alpha", "held out", "N = 300k");
        assertThat(json.out()).startsWith("{").contains("\"alpha\"", "\"held_out\"");
        assertThat(text.err() + json.err()).isEmpty();
    }

    @Test
    void anyLawIsFittedToAnyTable() throws IOException {
        StringBuilder csv = new StringBuilder("Model Size,Training FLOP,kind,final loss\n");
        for (double n : new double[]{1e7, 5e7, 2e8, 1e9}) {
            for (double d : new double[]{2e8, 1e9, 5e9, 3e10}) {
                csv.append(n).append(',').append(6 * n * d).append(",run,")
                        .append(1.8 + 480 * Math.pow(n, -0.35) + 2100 * Math.pow(d, -0.37)).append('\n');
            }
        }
        String table = Files.writeString(folder.resolve("runs of others.csv"), csv + "1e9,1e20,other,9\n").toString();
        Path json = folder.resolve("out/fit.json");
        String[] columns = {"fit", table, "--n", "Model Size", "--c", "Training FLOP", "--loss", "final loss",
            "--where",
            "kind = 'run'", "--bootstrap", "20", "--out", json.toString(), "--law"};

        Result named = run(with(columns, "chinchilla"));
        JsonNode fit = new ObjectMapper().readTree(json.toFile());
        Result own = run(with(columns, "E + A * n^-alpha + B * d^-beta", "--set", "E=1.8", "--hold-out", "c > 3.1e19"));

        assertThat(named.exitCode()).as(named.err()).isZero();
        assertThat(named.out()).contains("fitted to 16 points", "D: C / (6 N)", "profile likelihood");
        assertThat(fit.at("/parameters/beta/value").asDouble()).isBetween(0.3699, 0.3701);
        assertThat(fit.at("/conventions/d").asText()).isEqualTo("C / (6 N)");
        assertThat(own.exitCode()).as(own.err()).isZero();
        assertThat(own.out()).contains("L(N, D) = 1.8 + A N^-alpha + B D^-beta", "scales held out: mean error 0.00%");
    }

    @Test
    void lossesAndBudgetsArePredicted() throws IOException {
        StringBuilder csv = new StringBuilder("n,flops,val_loss\n");
        for (double c : new double[]{1e17, 1e18, 1e19, 1e20}) {
            for (double n = Math.sqrt(c / 120) / 4; n < 5 * Math.sqrt(c / 120); n *= 2) {
                csv.append(n).append(',').append(c).append(',')
                        .append(1.8 + 480 * Math.pow(n, -0.35) + 2100 * Math.pow(c / 6 / n, -0.37)).append('\n');
            }
        }
        String table = Files.writeString(folder.resolve("flops.csv"), csv).toString();
        String[] columns = {table, "--law", "chinchilla", "--c", "flops", "--bootstrap", "20"};

        Result predicted = run(Stream.concat(Stream.of("predict"),
                Stream.of(with(columns, "--at", "n=1e9,d=2e10", "--budget", "1e22"))).toArray(String[]::new));
        Result frontier = run(Stream.concat(Stream.of("frontier"), Stream.of(columns)).toArray(String[]::new));
        Result wrong = run(Stream.concat(Stream.of("predict"), Stream.of(with(columns, "--at", "n=1e9")))
                .toArray(String[]::new));

        assertThat(predicted.exitCode()).as(predicted.err()).isZero();
        assertThat(predicted.out()).contains("N = 1B, D = 20B", "2.464", "budget C = 1.000e+22", "D / N",
                "largest runs held out: mean error 0.00%");
        assertThat(frontier.exitCode()).as(frontier.err()).isZero();
        assertThat(frontier.out()).contains("1 best run of each budget", "2 parabola of each budget",
                "3 L(N, D) = E + A N^-alpha + B D^-beta", "0.5139");
        assertThat(wrong.err()).isEqualTo("einscale: --at n=1e9: the law takes n, d; found n%n".formatted());
    }

    /** Ten sizes, each trained on as many tokens, with their losses on the way: no two runs are of one budget. */
    @Test
    void theFrontierFollowsTrainingCurvesAndItsLawIsDrawn() throws IOException {
        StringBuilder runs = new StringBuilder("run,n,tokens,val_loss\n");
        StringBuilder curves = new StringBuilder("run,tokens,val_loss\n");
        for (int size = 0; size < 10; size++) {
            double n = 1e6 * Math.pow(2, size);
            for (int i = -40; i <= 0; i++) {
                double d = 1e10 * Math.pow(10, i / 10.0);
                String losses = "," + d + "," + (1.8 + 480 * Math.pow(n, -0.35) + 2100 * Math.pow(d, -0.37)) + "\n";
                curves.append(size).append(losses);
                if (i == 0 || i == -6 || i == -14) {
                    runs.append("short ".repeat(-i / 6)).append(size).append(',').append(n).append(losses);
                }
            }
        }
        String table = Files.writeString(folder.resolve("sizes.csv"), runs).toString();
        String[] frontier = {"frontier", table, "--law", "chinchilla", "--d", "tokens", "--bootstrap", "20", "--curves",
            Files.writeString(folder.resolve("curves.csv"), curves).toString()};
        Path picture = folder.resolve("frontier.svg");

        Result drawn = run(with(frontier, "--group", "run", "-o", picture.toString()));

        assertThat(drawn.exitCode()).as(drawn.err()).isZero();
        assertThat(drawn.out()).containsPattern("1 envelope of training curves +0[.]5[01]")
                .contains("10 training curves", "2 parabola of each budget: fewer than two",
                        "3 L(N, D) = E + A N^-alpha + B D^-beta   0.5139");
        assertThat(picture).content().contains(">best size N (parameters)</text");
        Path law = folder.resolve("law.svg");
        assertThat(run("plot", table, "--law", "chinchilla", "--d", "tokens", "--bootstrap", "20", "-o", law.toString())
                .exitCode()).isZero();
        assertThat(law).content().contains(">val_loss</text");
        assertThat(run(frontier).err()).startsWith("einscale: --curves: expected --group too");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void theFolderOfASweepStandsForItsTable() throws IOException {
        Files.writeString(folder.resolve("runs.csv"), TABLE);

        Result result = run("fit", folder.toString(), "--n", "parameters", "--bootstrap", "20");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("held out", "N = 300k");
    }

    @Test
    void aFitThatHasNotConvergedIsReportedAndFails() throws IOException {
        String rising = Files.writeString(folder.resolve("rising.csv"),
                "n,val_loss\n1e6,2\n2e6,2.1\n4e6,2.2\n8e6,2.3\n1.6e7,2.4\n").toString();

        Result result = run("fit", rising, "--bootstrap", "50");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("undetermined", "NOT CONVERGED: the losses do not fall as the size N grows");
        assertThat(result.err()).isEqualTo(
                "einscale: the fit has not converged: the losses do not fall as the size N grows%n".formatted());
    }

    @Test
    void rowsLeftOutAreTold() throws IOException {
        String table = Files.writeString(folder.resolve("table.csv"),
                TABLE.replaceAll("(?m)$", ",finished").replace("val_loss,finished", "val_loss,status").replaceAll(
                        "(?m)^,finished$", "").strip() + "\n1e6,,finished\n2e6,nan,finished\n4e6,9,failed\n")
                .toString();

        Result refused = run("fit", table, "--n", "parameters");
        Result skipped = run("fit", table, "--n", "parameters", "--skip-invalid", "--bootstrap", "50");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("line 8: column 'val_loss' must be a number, found an empty cell",
                "--skip-invalid leaves out such rows, here 1");
        assertThat(skipped.exitCode()).as(skipped.err()).isZero();
        assertThat(skipped.out()).contains("N = 300k");
        assertThat(skipped.err()).contains("1 of 9 rows left out as invalid, the first: ",
                "1 of 9 rows left out, as their status is failed",
                "1 of 9 rows left out, as their loss is NaN: runs that diverged").hasLineCount(3);
    }

    @Test
    void plotDrawsPointsTooFewForALaw() throws IOException {
        String table = Files.writeString(folder.resolve("few.csv"), "width,error\n1e6,2\n2e6,1.9\n").toString();
        Path picture = folder.resolve("few.svg");

        Result result = run("plot", table, "--n", "width", "--loss", "error", "-o", picture.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).startsWith("einscale: no law drawn: too few points to fit: 2 in all").hasLineCount(1);
        assertThat(picture).content().contains(">error</text").doesNotContain("nats", "embedding");
    }

    @Test
    void einsumExplainsItselfAsATableOrAsJson() throws Exception {
        String[] chain = {"einsum", "--explain", "ij,jk,kl->il", "--sizes", "i=100,j=5,k=80,l=3"};
        assertThat(run(chain).out()).contains("j k, k l ->", "2.40 k", "copies  ").doesNotContain("slices");

        JsonNode json = new ObjectMapper().readTree(
                run(Stream.concat(Stream.of(chain), Stream.of("--json", "--gradient", "--memory", "2KiB"))
                        .toArray(String[]::new)).out());
        assertThat(json.get("sizes").get("k").asInt()).isEqualTo(80);
        assertThat(json.get("bytesBetween").asLong()).isLessThanOrEqualTo(2048);
        assertThat(json.get("steps")).hasSizeGreaterThan(3);
        // Three gradients, each a sum over i, j, k, l of products of three factors.
        assertThat(json.get("naiveFlops").asDouble()).isEqualTo(3 * 3 * 100 * 5 * 80 * 3);
    }

    @Test
    void einsumReadsAndWritesArraysOrPrintsThem() {
        Path a = folder.resolve("a.npy");
        Path c = folder.resolve("c.npy");
        Npy.write(a, Nd4j.createFromArray(new float[][]{{1, 2}, {3, 4}}));

        assertThat(run("einsum", "ij,jk->ik", a.toString(), a.toString(), "-o", c.toString()))
                .isEqualTo(new Result(0, "", ""));
        assertThat(Npy.read(c).toFloatMatrix()).isDeepEqualTo(new float[][]{{7, 10}, {15, 22}});
        assertThat(run("einsum", "row column -> row", a.toString()).out()).contains("3", "7");
        assertThat(run("einsum", "ij->k", a.toString()).err()).startsWith("einscale: einsum \"ij->k\": output axis 'k'")
                .contains("^");
    }

    @Test
    void einsumTakesWholeNumbersAsFloat64() {
        Path whole = folder.resolve("whole.npy");
        Path real = folder.resolve("real.npy");
        Path large = folder.resolve("large.npy");
        Path empty = folder.resolve("empty.npy");
        Path product = folder.resolve("product.npy");
        Npy.write(whole, Nd4j.createFromArray(1L << 40, 3L));
        Npy.write(real, Nd4j.createFromArray(0.5f, 2f));
        Npy.write(large, Nd4j.createFromArray((1L << 60) + 1));
        Npy.write(empty, Nd4j.create(DataType.LONG, 0));

        Result result = run("einsum", "i,i->i", whole.toString(), real.toString(), "-o", product.toString());

        assertThat(result.err()).containsSubsequence(whole + ": whole numbers, taken as float64",
                real + ": float32, taken as float64");
        assertThat(Npy.read(product).toDoubleVector()).containsExactly((1L << 39), 6);
        assertThat(run("einsum", "i->i", large.toString()).err())
                .isEqualTo("einscale: " + large + ": holds the whole number " + ((1L << 60) + 1)
                        + ", which no float64 is" + System.lineSeparator());
        assertThat(run("einsum", "i->", empty.toString()).exitCode()).isZero();
    }

    @Test
    void einsumIsReadInTheDialectThatIsAskedFor() {
        assertThat(run("einsum", "--words", "--explain", "seq, seq ->", "--sizes", "seq=3").exitCode()).isZero();
        assertThat(run("einsum", "--letters", "--explain", "i,j->i j", "--sizes", "i=3,j=2").exitCode()).isZero();
        assertThat(run("einsum", "--letters", "--words", "--explain", "i->", "--sizes", "i=3").exitCode()).isNotZero();
    }

    @Test
    void plotWritesAPicture() throws IOException {
        Path table = Files.writeString(folder.resolve("table.csv"), TABLE);
        Path picture = folder.resolve("curve.png");

        Result result = run("plot", table.toString(), "--n", "parameters", "--bootstrap", "100", "-o",
                picture.toString());

        assertThat(result).isEqualTo(new Result(0, "", ""));
        assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(1600);
    }
}
