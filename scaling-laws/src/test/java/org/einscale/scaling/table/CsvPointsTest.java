package org.einscale.scaling.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        holds("size,perplexity\n1,2\n");
        refused(file + " has no column 'n'; its columns: size, perplexity");
        holds("n,val_loss\n1,2\n3,about 2\n");
        refused(file + ", line 3: column 'val_loss' must be a number, found 'about 2'");
        holds("n,val_loss\n1,\n");
        refused(file + ", line 2: column 'val_loss' must be a number, found an empty cell");
        holds("n,val_loss\n-1,2\n");
        refused(file + ", line 2: column 'n' must be positive and finite, found '-1'");
        holds("n,val_loss\n1,NaN\n");
        refused(file + ", line 2: column 'val_loss' must be positive and finite, found 'NaN'");
        Files.write(file, new byte[]{'n', ',', (byte) 0xff, (byte) 0xfe});
        refused("cannot read " + file + ": it is not text in UTF-8");
    }

    @Test
    void raggedRowsAreRefusedWithTheirLine() throws IOException {
        holds("n,val_loss\n1\n");
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).isInstanceOf(ScalingException.class)
                .hasMessageStartingWith(file.toString()).hasMessageContaining("2").hasMessageNotContaining("\n");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> CsvPoints.read(file, "n", "val_loss")).isInstanceOf(ScalingException.class)
                .hasMessage(message);
    }
}
