package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinateCheckCommandTest {
    @TempDir
    private Path folder = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String parametrization, String widths) throws IOException {
        Path config = Files.writeString(folder.resolve("wide.conf"), """
                data.task { kind = zipf-lookup, keys = 40, values = 4 }
                model { axes { d = 8, h = 2 }, layers = 1, parametrization { %s } }
                training { batch = 4, length = 2, evaluation-tokens = 256, learning-rate = 0.01 }
                """.formatted(parametrization));
        return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute("coordinate-check",
                config.toString(), "--widths", widths, "--steps", "2", "--machine", "typical", "-o",
                folder.resolve("found").toString());
    }

    @Test
    void bothParametrizationsAreMeasuredAndDrawn() throws IOException {
        assertThat(run("kind = mup, base-width = 4, base-axes.h = 1", "16,8")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("after step 2", "mup change", "standard size", "block.0.attention.scores",
                "logits", "\nmup: ", "\nstandard: ");
        Path found = folder.resolve("found");
        assertThat(Files.readAllLines(found.resolve("coordinates.csv")))
                .startsWith("parametrization,width,step,value,size,change")
                .anyMatch(line -> line.startsWith("mup,8,0,logits,"))
                .anyMatch(line -> line.startsWith("standard,16,2,block.0.mlp,"));
        assertThat(found.resolve("coordinates.png")).isNotEmptyFile();
        assertThat(found.resolve("coordinates.svg")).isNotEmptyFile();
    }

    @Test
    void aStandardModelIsMeasuredAlone() throws IOException {
        assertThat(run("kind = standard", "8,16")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("standard change").doesNotContain("mup");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"8 | expected two or more different sizes of d",
        "0,8 | expected two or more different sizes of d",
        "8,10 | --widths 10: axis 'h', 1 at the base width of 4, would be 2.5; expected multiples of 4"})
    void mistakesAreTold(String widths, String problem) throws IOException {
        assertThat(run("kind = mup, base-width = 4, base-axes.h = 1", widths)).isEqualTo(2);
        assertThat(err.toString()).contains(problem).hasLineCount(1);
    }
}
