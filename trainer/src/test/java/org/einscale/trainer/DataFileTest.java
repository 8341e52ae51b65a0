package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.trainer.task.SparseParity;
import org.einscale.trainer.task.ZipfLookup;
import org.einscale.trainer.text.BytePair;
import org.einscale.trainer.text.ByteTokenizer;
import org.einscale.trainer.text.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads data that another process has written learns the same. */
class DataFileTest {
    private static final Corpus CORPUS = Corpus.of("grüße", "\n",
            IntStream.range(0, 40).mapToObj(i -> "the cat sat on mat " + i + " – ☃").toList());

    private static final int ROWS = Tiny.spec(1).batch();

    @TempDir
    private Path folder = Path.of("");

    private static Stream<TrainingData> data() {
        return Stream.of(TextData.of(CORPUS, 0.3, _ -> new ByteTokenizer(), 1),
                TextData.of(CORPUS, 0.2, part -> BytePair.train(part.documents(), 270), 2),
                new TaskData(new ZipfLookup(16, 2, 4, 1.1, 0.1), 0, 3),
                new TaskData(new SparseParity(4, 6, 2, 1), 50, 4));
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws Exception {
        List<Path> files = data().map(this::written).toList();
        List<TrainingData> all = data().toList();
        for (int i = 0; i < all.size(); i++) {
            TrainingData here = all.get(i);
            TrainingData there = DataFile.read(files.get(i));
            assertThat(there.identity()).isEqualTo(here.identity());
            assertThat(there.checksum()).isEqualTo(here.checksum());
            assertThat(there.vocabulary()).isEqualTo(here.vocabulary());
            int length = here instanceof TaskData task ? task.task().length() : 8;
            assertThat(sequences(there, length)).isEqualTo(sequences(here, length));
            assertThat(written(there)).hasSameBinaryContentAs(files.get(i));
        }
    }

    private static String sequences(TrainingData data, int length) {
        int[] tokens = new int[ROWS * length];
        int[] targets = new int[ROWS * length];
        data.training(Tiny.spec(1, 0.01, length)).fill(0, ROWS, tokens, targets, new double[ROWS * length]);
        return Arrays.toString(tokens) + Arrays.toString(targets);
    }

    private Path written(TrainingData data) {
        Path file = folder.resolve("data-" + System.identityHashCode(data));
        DataFile.write(data, file);
        return file;
    }

    @Test
    void whatIsNoDataIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("no-data"), "the cat sat on the mat");
        assertThatThrownBy(() -> DataFile.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file + " holds nothing to learn");
    }
}
