package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitReportTest {

    private static final List<Point> POINTS = FitTest.noisy(Law.of(Power.N, 1.4, 100, 0.35), 0.003);
    private static final HeldOut RESULT = HeldOut.of(Power.N, POINTS, new Draws(200, 5, false));
    private static final Study STUDY = Study.of(Power.N, POINTS, List.of(), new Draws(200, 5, false));

    @Test
    void theLargestSizeTakesNoPartInTheFit() {
        assertThat(RESULT.fit().points()).hasSize(8).doesNotContain(POINTS.getLast());
        assertThat(RESULT.prediction().n()).isEqualTo(2.56e6);
        assertThat(RESULT.prediction().measured()).isEqualTo(POINTS.getLast().loss());
        assertThat(RESULT.prediction().predicted()).isEqualTo(RESULT.fit().law().loss(2.56e6));
        assertThat(RESULT.prediction().relativeError()).isCloseTo(0, within(0.02));
        var moved = new ArrayList<>(POINTS);
        moved.set(8, new Point(2.56e6, 99));
        assertThat(HeldOut.of(Power.N, moved, new Draws(10, 5, false)).fit().law()).isEqualTo(RESULT.fit().law());
    }

    @Test
    void severalRunsOfTheLargestSizeAreAllHeldOut() {
        var points = new ArrayList<>(POINTS);
        points.add(new Point(2.56e6, 3));
        var result = HeldOut.of(Power.N, points, new Draws(10, 5, false));
        assertThat(result.fit().points()).hasSize(8);
        assertThat(result.prediction().measured()).isCloseTo((3 + POINTS.getLast().loss()) / 2, within(1e-12));
    }

    @Test
    void tooFewPointsAreRefused() {
        assertThatThrownBy(() -> HeldOut.of(Power.N, POINTS.subList(0, 4), new Draws(10, 1, false)))
                .isInstanceOf(ScalingException.class).hasMessage(
                        "too few points to fit: 4 in all, 3 left without the largest size (N = 80k), which is always held out; needed: 4");
        assertThatThrownBy(() -> HeldOut.of(Power.N, List.of(), new Draws(10, 1, false)))
                .hasMessageContaining("0 in all");
    }

    @Test
    void theTableShowsParametersAndPredictionAligned() {
        List<String> lines = new FitReport(STUDY).table().lines().toList();
        assertThat(lines.get(0)).isEqualTo("L(N) = E + A N^-alpha   fitted to 9 points, N = 10k to 2.56M");
        assertThat(lines.get(2)).isEqualTo("  parameter         value   95% interval (profile likelihood)");
        assertThat(lines.get(3)).matches("  E {10} +[0-9.]+ {3}\\[[0-9.e+-]+, [0-9.e+-]+]");
        assertThat(lines.get(7)).startsWith("  held out      predicted   95% interval");
        assertThat(lines.get(8)).matches("  N = 2\\.56M +[0-9.]+ {3}\\[[0-9.]+, [0-9.]+] +[0-9.]+ +[+-][0-9.]+%");
        assertThat(lines).hasSize(11);
    }

    @Test
    void theFileHoldsEverything(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new/fit.json");
        new FitReport(STUDY).write(file);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.at("/law").asText()).isEqualTo("power");
        assertThat(json.at("/parameters/E/value").asDouble()).isEqualTo(STUDY.fit().law().irreducible());
        assertThat(json.at("/parameters/alpha/low").asDouble())
                .isLessThan(json.at("/parameters/alpha/high").asDouble());
        assertThat(json.at("/held_out/points/0/n").asDouble()).isEqualTo(2.56e6);
        assertThat(json.at("/covariance/matrix")).hasSize(3);
        assertThat(json.at("/intervals/method").asText()).isEqualTo("profile likelihood");
        assertThat(json.at("/bootstrap/replicates").asInt()).isEqualTo(200);
        assertThat(json.at("/bootstrap/seed").asInt()).isEqualTo(5);
        assertThat(json.at("/points")).hasSize(9);
        try (var files = Files.list(folder.resolve("new"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anUnwritablePlaceIsToldInOneLine(@TempDir Path folder) throws IOException {
        Path blocker = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new FitReport(STUDY).write(blocker.resolve("fit.json")))
                .isInstanceOf(ScalingException.class)
                .hasMessageStartingWith("cannot write " + blocker.resolve("fit.json")).hasMessageNotContaining("\n");
    }
}
