package org.einscale.scaling.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvPointsTest {

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("any.csv");
    }

    private void holds(String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void readsAnyFileWithASizeAndALoss() throws IOException {
        holds("model,params,test loss\nsmall,1e6,3.5\n\"big, wide\", 2000000 ,3.1\n");
        assertThat(CsvPoints.read(file, "params", "test loss")).containsExactly(new Point(1e6, 3.5),
                new Point(2e6, 3.1));
        holds("\uFEFFn,val_loss\r\n10,2\r\n");
        assertThat(CsvPoints.read(file, "n", "val_loss")).containsExactly(new Point(10, 2));
    }

    @Test
    void leavesOutFailedRowsAndTakesTokens() throws IOException {
        holds("n,tokens,val_loss,status\n10,500,2,finished\n20,500,,failed\n");
        assertThat(CsvPoints.read(file, "n", "val_loss")).containsExactly(new Point(10, 500, 2));
    }

    @Test
    void aColumnOfTokensWithoutNumbersIsNoObstacle() throws IOException {
        holds("n,tokens,val_loss\n10,many,2\n20,,1\n30,5e3,0.5\n40,inf,0.4\n");
        assertThat(CsvPoints.read(file, "n", "val_loss")).containsExactly(new Point(10, 2), new Point(20, 1),
                new Point(30, 5000, 0.5), new Point(40, 0.4));
    }

    @Test
    void saysWhatIsWrongAndWhere() throws IOException {
        refused("cannot read " + file + ": no such file");
        holds("");
        refused(file + " is empty: expected a line of column names and a row for each run");
        holds("n,val_loss\n");
        refused(file + " has column names but no rows");
        holds("n,val_loss,status\n1,2,failed\n");
        refused(file + " has only rows with status failed");
        holds("n,vall_loss,step\n1,2,3\n");
        refused(file + " has no column 'val_loss', did you mean 'vall_loss'?; its columns: n, vall_loss, step");
        for (String other : List.of("vall_loss,step\n1,high,3\n", "vall_loss,step\n1,-2,3\n", "vall_loss,step\n1,,3\n",
                "vall_loss,vall_loss\n1,2,3\n")) {
            holds("n," + other);
            refused(file + " has no column 'val_loss'; its columns: n, " + other.lines().findFirst().orElseThrow()
                    .replace(",", ", "));
        }
        holds("val_loss,step\n2,3\n");
        assertThatThrownBy(() -> CsvPoints.read(file, "vall_loss", "val_loss")).as("which holds the losses")
                .hasMessage(file + " has no column 'vall_loss'; its columns: val_loss, step");
        holds("size,perplexity\n1,2\n");
        refused(file + " has no column 'n'; its columns: size, perplexity");
        holds("n,val_loss\n1,2\n3,about 2\n");
        refused(file + ", line 3: column 'val_loss' must be a number, found 'about 2'");
        holds("n,val_loss\n1,\n");
        refused(file + ", line 2: column 'val_loss' must be a number, found an empty cell");
        holds("n,val_loss\n-1,2\n");
        refused(file + ", line 2: column 'n' must be positive and finite, found '-1'");
        holds("n,val_loss\n1,NaN\n");
        refused(file + ": all 1 rows are left out: 0 failed, 1 diverged (loss NaN), 0 by the condition");
        Files.write(file, new byte[]{'n', ',', (byte) 0xff, (byte) 0xfe});
        refused("cannot read " + file + ": it is not text in UTF-8");
    }

    @Test
    void raggedRowsAreRefusedWithTheirLine() throws IOException {
        holds("n,val_loss\n1\n");
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).isInstanceOf(ScalingException.class)
                .hasMessageStartingWith(file.toString()).hasMessageContaining("2").hasMessageNotContaining("\n");
    }

    @Test
    void whatIsNoCsvIsNamed() throws IOException {
        for (String[] kind : new String[][]{{"n;val_loss\n10;2,5\n", "semicolons"}, {"n\tval_loss\n10\t2\n", "tabs"},
            {"n|val_loss\n10|2\n", "vertical bars"}, {"n val_loss\n10 2\n", "spaces"},
            {"{\"n\": 10, \"val_loss\": 2}\n{\"n\": 20, \"val_loss\": 1}\n", "JSON lines"},
            {"{\n\"n\": [10]}", "holds JSON;"}, {"[{\"n\": 10}]", "holds JSON;"}, {"<html>", "HTML"},
            {"# made today\nn,val_loss\n10,2\n", "begins with a comment ('#')"}}) {
            holds(kind[0]);
            assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).as(kind[0])
                    .isInstanceOf(ScalingException.class).hasMessageStartingWith(file + " ")
                    .hasMessageContaining(kind[1]).hasMessageContaining("expected CSV");
        }
        Files.write(file, new byte[]{0x1f, (byte) 0x8b, 8, 0, 0});
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).hasMessageContaining("compressed by gzip");
        Files.write(file, "n,val_loss\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).hasMessageContaining("UTF-16");
        holds("\"name; short\",n,val_loss\na,10,2\n");
        assertThat(CsvPoints.read(file, "n", "val_loss")).containsExactly(new Point(10, 2));
    }

    @Test
    void aQuoteSwallowsNoRows() throws IOException {
        String open = "trial,n,val_loss\na,10,3\n\"b,20,2.5\nc,30,2\n";
        holds(open);
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).isInstanceOf(ScalingException.class)
                .hasMessageContaining("quot").hasMessageNotContaining("\n");
        holds(open + "d\",40,1.5\n");
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).isInstanceOf(ScalingException.class)
                .hasMessageContaining("line 3: a quote that opens in this row is closed too late");
        holds("trial,n,val_loss\n\"a note\nof two lines, short\",10,3\n");
        assertThat(CsvPoints.read(file, "n", "val_loss")).containsExactly(new Point(10, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000d", "1e5f", "0x1p10", "0x10", "1_000", "1 000", "10k", "1.5.2", "e5", ".", "--1"})
    void whatOnlyJavaReadsIsNoNumber(String number) throws IOException {
        holds("n,val_loss\n" + number + ",2\n");
        refused(file + ", line 2: column 'n' must be a number, found '" + number + "'");
    }

    @Test
    void numbersAreDecimal() throws IOException {
        holds("n,val_loss\n+1.5E+3,.5\n2.,1e0\n");
        assertThat(CsvPoints.read(file, "n", "val_loss")).containsExactly(new Point(1500, 0.5), new Point(2, 1));
        for (String infinite : new String[]{"Infinity", "inf", "-Infinity", "1e400"}) {
            holds("n,val_loss\n1," + infinite + "\n");
            refused(file + ", line 2: column 'val_loss' must be positive and finite, found '" + infinite + "'");
        }
        holds("n,val_loss\n1,000,2\n");
        refused(file
                + ", line 2: found 3 cell(s), expected 2 as in the header; a comma inside a cell, as in 1,000, needs"
                + " quotes around the cell");
        holds("n,val_loss\n1,2\n# the end\n");
        refused(file + ", line 3: found 1 cell(s), expected 2 as in the header; comments ('#') are no part of CSV");
        holds("n,val_loss,val_loss\n1,2,3\n");
        refused(file + " has more than one column 'val_loss'");
    }

    @Test
    void whatIsLeftOutIsTold() throws IOException {
        holds("n,val_loss,status\n10,2,finished\n20,,finished\n30,NaN,finished\n40,1,failed\n50,1,Failed\n");
        CsvPoints table = CsvPoints.readValid(file, "n", "val_loss");
        assertThat(table.points()).containsExactly(new Point(10, 2));
        assertThat(table.rows()).isEqualTo(5);
        assertThat(table.failed()).isEqualTo(2);
        assertThat(table.diverged()).isEqualTo(1);
        assertThat(table.invalid())
                .containsExactly(file + ", line 3: column 'val_loss' must be a number, found an empty cell");
    }

    private CsvPoints read(String where, String holdOut, Map<String, String> inputs, String... needed) {
        return CsvPoints.readValid(file, new Columns(inputs, Set.of(needed), "loss",
                Optional.of(where).filter(text -> !text.isEmpty()).map(Where::of),
                Optional.of(holdOut).filter(text -> !text.isEmpty()).map(Where::of), Optional.empty()));
    }

    @Test
    void tokensSizesAndComputeFollowFromOneAnother() throws IOException {
        holds("Model Size,Training FLOP,tokens seen,loss\n10,1200,20,2\n20,2400,20,1.5\n");
        Map<String, String> n = Map.of("n", "Model Size");
        Map<String, String> nc = Map.of("n", "Model Size", "c", "Training FLOP");
        Map<String, String> dc = Map.of("d", "tokens seen", "c", "Training FLOP");
        assertThat(read("", "", nc, "n", "d").points().getFirst().at())
                .isEqualTo(Map.of("n", 10.0, "d", 20.0, "c", 1200.0));
        assertThat(read("", "", dc, "n").points().getLast().n()).isEqualTo(20);
        assertThat(read("", "", Map.of("n", "Model Size", "d", "tokens seen"), "c").points().getLast().at("c"))
                .isEqualTo(2400);
        assertThatThrownBy(() -> read("", "", n, "n", "d")).isInstanceOf(ScalingException.class)
                .hasMessageContaining(
                        "the law needs the token count D, for which no column is named and which follows from");
        assertThat(read("", "", nc, "n", "d").conventions())
                .isEqualTo(Map.of("n", "column 'Model Size'", "d", "C / (6 N)", "c", "column 'Training FLOP'"));
    }

    @Test
    void conditionsChooseRows() throws IOException {
        holds("Model Size,Training FLOP,kind,loss\n10,1200,a,2\n20,2400,b,1.5\n30,3600,a,nan\n40,1e400,c,1\n");
        Map<String, String> nc = Map.of("n", "Model Size", "c", "Training FLOP");
        assertThat(read("loss > 1.6", "", nc, "n").points()).hasSize(1);
        assertThat(read("`Model Size` < 25", "c >= 2000", nc, "n").heldOut()).extracting(Point::n)
                .containsExactly(20.0);
        assertThat(read("kind = 'a' or \"Model Size\" = 2e1", "", nc, "n").points()).hasSize(2);
        assertThat(read("not (kind != 'a') and n <= 10", "", nc, "n").points()).hasSize(1);
        assertThat(read("d > 19.9 and n < 35", "", nc, "n").points()).hasSize(2);
        assertThatThrownBy(() -> read("kin = 'a'", "", nc, "n"))
                .hasMessage(file
                        + " has no column 'kin', did you mean 'kind'?; its columns: Model Size, Training FLOP, kind, loss");
        assertThatThrownBy(() -> read("loss >", "", nc, "n")).hasMessage(
                "condition loss >, character 7: expected a column, a number, or a text in single quotes, found the end");
        assertThatThrownBy(() -> read("loss ! 2", "", nc, "n"))
                .hasMessageContaining("expected one of < <= = != >= >, found '!'");
        assertThatThrownBy(() -> read("loss > 2 loss", "", nc, "n"))
                .hasMessageContaining("character 10: expected 'and', 'or', or the end");
        assertThatThrownBy(() -> read("loss < 0", "", nc, "n")).hasMessageEndingWith(
                ": all 4 rows are left out: 0 failed, 0 diverged (loss NaN), 4 by the condition");
    }

    @Test
    void onlyTheColumnsOfARunHaveAMeaning() throws IOException {
        holds("n,val_loss\n10,2\n");
        assertThat(CsvPoints.readValid(file, "n", "val_loss").sizeLabel()).isEqualTo("n");
        holds(String.join(",", RunTable.HEADER) + "\nt,finished,10,20,10,1,4,8,8,2,4,0.1,1,5,6,7,3,2,1,,,1,1,1\n");
        assertThat(CsvPoints.readValid(file, "n_total", "val_loss").sizeLabel()).isEqualTo("all parameters");
        assertThat(CsvPoints.readValid(file, new Columns(Map.of("n", "n_total", "c", "flops_attention"),
                Set.of("n", "d"), "val_loss", Optional.empty(), Optional.empty(), Optional.empty())).conventions())
                .isEqualTo(Map.of("n", "all parameters, column 'n_total'", "d", "C / (6 N)", "c",
                        "the estimate 6 N D with attention, 12 L d T a token, column 'flops_attention'"));
        assertThat(CsvPoints.readValid(file, "n", "val_bits_per_byte").lossLabel())
                .isEqualTo("last validation loss per byte of text (bits/byte)");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).isInstanceOf(ScalingException.class)
                .hasMessage(message);
    }
}
