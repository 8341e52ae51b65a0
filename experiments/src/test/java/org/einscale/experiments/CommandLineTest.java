package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.einscale.tensor.file.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;

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
    @ValueSource(strings = {"--help", "train --help", "sweep --help", "fit --help", "plot --help", "sample --help",
        "einsum --help"})
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
            NOTHING              | einscale: expected a command: train, sweep, fit, plot, sample, einsum
            fitt                 | einscale: unmatched argument at index 0: 'fitt'
            sweep                | einscale: missing required parameter: 'CONFIG'
            sweep nowhere.conf   | einscale: nowhere.conf: no such file
            sweep EMPTY          | einscale: sweep.sizes: expected at least one size, found none
            train EMPTY -S data.source=nowhere.txt | einscale: no such file or folder: nowhere.txt
            train EMPTY -S sed=1 | einscale: sed at -S sed=1: no such setting; did you mean seed?
            sample nowhere       | einscale: nowhere: no run there
            sample nowhere --top-p 2 | einscale: top-p 2.0: expected a number above 0
            plot TABLE           | einscale: missing required option: '--output=FILE.png'
            einsum ij->ji nowhere.npy | nowhere.npy
            einsum ij->ji        | einscale: missing required parameter: 'FILE.npy'
            fit                  | einscale: missing required parameter: 'FILE.csv'
            fit nowhere.csv      | nowhere.csv: no such file
            fit TABLE            | column 'n'
            fit TABLE --n paramters | parameters
            fit TABLE --n parameters --seed x | einscale: invalid value for option '--seed': 'x' is not a long
            fit TABLE --n parameters --bootstrap 0 | replicates must be at least 1, found 0
            """)
    void aMistakeIsToldShortlyWithExitCodeTwo(String arguments, String message) throws IOException {
        Path table = Files.writeString(folder.resolve("table.csv"), TABLE);
        Path empty = Files.writeString(folder.resolve("empty.conf"), "");
        Result result = arguments.equals("NOTHING")
                ? run()
                : run(arguments.replace("TABLE", table.toString()).replace("EMPTY", empty.toString()).split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message).doesNotContain("\tat ").hasLineCount(lines(result.err()));
        assertThat(result.out()).isEmpty();
    }

    /** The message, and for wrong usage where to read more. */
    private static int lines(String err) {
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
    void plotWritesAPicture() throws IOException {
        Path table = Files.writeString(folder.resolve("table.csv"), TABLE);
        Path picture = folder.resolve("curve.png");

        Result result = run("plot", table.toString(), "--n", "parameters", "--bootstrap", "100", "-o",
                picture.toString());

        assertThat(result).isEqualTo(new Result(0, "", ""));
        assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(1600);
    }
}
