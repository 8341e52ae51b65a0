package org.einscale.scaling.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.einscale.scaling.ScalingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmergenceFigureTest {

    private static EmergenceFigure.Size size(long n, double known) {
        return new EmergenceFigure.Size(n, 2 - known, known,
                new TreeMap<>(Map.of(1, known, 4, Math.pow(known, 4), 8, Math.pow(known, 8))), 1 - known,
                new TreeMap<>(Map.of(1, 1.0, 2, known, 4, known / 2)));
    }

    @Test
    void showsEveryMeasureAndEverySize(@TempDir Path folder) throws IOException {
        EmergenceFigure figure = new EmergenceFigure(
                IntStream.range(0, 8).mapToObj(i -> size(100L << i, (i + 1) / 8.0)).toList());
        Path svg = folder.resolve("emergence.svg");
        Path png = folder.resolve("emergence.png");
        figure.write(svg);
        figure.write(png);

        // By size: cross-entropy, three examinations, Brier score; by octave: three of them.
        assertThat(Files.readString(svg).split("<circle", -1)).hasSizeGreaterThan(8 * (1 + 3 + 1 + 3));
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(Figure.WIDTH);
    }

    @Test
    void oneSizeIsNoCurve() {
        assertThatThrownBy(() -> new EmergenceFigure(List.of(size(10, 0.5), size(10, 0.6))))
                .isInstanceOf(ScalingException.class).hasMessageContaining("at least two sizes");
    }
}
