package org.einscale.scaling.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.einscale.scaling.ScalingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {

    private static final Run FINISHED = new Run("n1", Run.Status.FINISHED, 1000, 1500, 500, 2, 32, 8000, 7000, 80, 100,
            0.003, 1,
            5.1e7, 4.8e7, 5e7, 2.5,
            2.25, 3.25, OptionalLong.empty(), "", 1.5, 5333.3, 0.25);
    private static final Run FAILED = new Run("n2", Run.Status.FAILED, 2000, 2500, 500, 2, 64, 8000, 8000, 80, 100,
            0.003, 2,
            1e8, 9.6e7, 9.8e7, Double.NaN,
            Double.NaN, Double.NaN, OptionalLong.of(7), "training loss is NaN, \"really\"", Double.NaN, Double.NaN,
            Double.NaN);

    private @TempDir Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Path file = folder.resolve("runs.csv");
        RunTable.write(file, List.of(FINISHED, FAILED));
        assertThat(RunTable.read(file)).containsExactly(FINISHED, FAILED);
        RunFile.write(folder.resolve("result.json"), FAILED);
        assertThat(RunFile.read(folder.resolve("result.json"))).isEqualTo(FAILED);
    }

    @Test
    void theFileIsPlain() throws IOException {
        Path file = folder.resolve("runs.csv");
        RunTable.write(file, List.of(FINISHED));
        assertThat(Files.readAllLines(file)).containsExactly(
                "trial,status,n,n_total,n_embedding,layers,width,tokens,unique_tokens,steps,batch_tokens,learning_rate,seed,flops_program,flops_6nd,flops_attention,"
                        + "train_loss,val_loss,val_bits_per_byte,failed_step,failure,seconds,tokens_per_second,warmup_seconds",
                "n1,finished,1000,1500,500,2,32,8000,7000,80,100,0.003,1,5.1E7,4.8E7,5.0E7,2.5,2.25,3.25,,,1.5,5333.3,0.25");
    }

    @Test
    void historyIsReadBack() {
        var rows = List.of(new HistoryTable.Row("n1", 1000, new Evaluation(10, 1000, 3.5, 3.25)),
                new HistoryTable.Row("n1", 1000, new Evaluation(20, 2000, Double.NaN, 3.0)));
        HistoryTable.write(folder.resolve("history.csv"), rows);
        assertThat(HistoryTable.read(folder.resolve("history.csv"))).isEqualTo(rows);
    }

    @Test
    void foreignContentIsRefused() throws IOException {
        Path file = folder.resolve("runs.csv");
        RunTable.write(file, List.of(FINISHED));
        Files.writeString(file, Files.readString(file).replace("finished", "done"));
        assertThatThrownBy(() -> RunTable.read(file)).isInstanceOf(ScalingException.class)
                .hasMessage(file + ", line 2: status must be finished or failed, found 'done'");
        Path json = Files.writeString(folder.resolve("result.json"), "{");
        assertThatThrownBy(() -> RunFile.read(json))
                .hasMessage(json + " is no result of a trial; without the file the trial runs again");
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("runs.csv");
        RunTable.write(file, List.of(FINISHED));
        // A folder in the place of the temporary neighbour makes writing impossible, as a full disk would.
        Files.createDirectories(folder.resolve("runs.csv.new/occupied"));
        assertThatThrownBy(() -> RunTable.write(file, List.of(FAILED))).isInstanceOf(ScalingException.class)
                .hasMessageStartingWith("cannot write " + file).hasMessageEndingWith("what was written before is kept");
        assertThat(RunTable.read(file)).containsExactly(FINISHED);
    }

    @Test
    void theReadmeDocumentsEveryColumn() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(Arrays.stream(RunColumn.values())).allSatisfy(
                column -> assertThat(readme)
                        .contains("| " + column.column() + " | " + column.unit() + " | " + column.meaning() + " |"));
    }
}
