package org.einscale.scaling.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.einscale.scaling.Point;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.fit.Draws;
import org.einscale.scaling.fit.Fit;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.frontier.Envelope;
import org.einscale.scaling.frontier.Frontier;
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.scaling.sweep.RateSearch;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {

    private @TempDir Path folder;

    static HeldOut fit(Law law, double scatter, double... sizes) {
        var noise = Philox.of(3, "figure");
        var points = new ArrayList<Point>();
        for (double n : sizes) {
            points.add(new Point(n, law.loss(n) * Math.exp(scatter * noise.normal(points.size()))));
        }
        return HeldOut.of(Power.N, points, new Draws(300, 1, false));
    }

    static List<HistoryTable.Row> history() {
        var rows = new ArrayList<HistoryTable.Row>();
        for (int trial = 0; trial < 7; trial++) {
            long n = 30_000L << trial;
            for (int i = 0; i <= 40; i++) {
                long tokens = i * 50_000L;
                double loss = 1.2 + 60 * Math.pow(n, -0.35) + 3.2 * Math.pow(1 + tokens / 5e4, -0.6);
                rows.add(new HistoryTable.Row("n" + n, n, new Evaluation(i * 10L, tokens, loss, loss)));
            }
        }
        return rows;
    }

    @Test
    void theCurveShowsPointsLawBandFloorAndHeldOutSize() throws IOException {
        var result = fit(Law.of(Power.N, 1.4, 60, 0.38), 0.004, 3e4, 6e4, 1.2e5, 2.5e5, 5e5, 1e6);
        BufferedImage image = drawn(new CurveFigure(result, "sizes"));
        assertThat(count(image, 0x0072b2)).as("law").isGreaterThan(1000);
        assertThat(count(image, 0xd55e00)).as("held out").isGreaterThan(200);
        assertThat(count(image, 0x009e73)).as("floor").isGreaterThan(500);
        assertThat(count(image, 0x000000)).as("points").isGreaterThan(500);
    }

    @Test
    void aFloorFarBelowTheLossesIsLeftOut() throws IOException {
        BufferedImage image = drawn(
                new CurveFigure(fit(Law.of(Power.N, 0.05, 9, 0.1), 0.001, 3e4, 6e4, 1.2e5, 2.5e5, 5e5, 1e6), "sizes"));
        assertThat(count(image, 0x009e73)).isZero();
    }

    @Test
    void theHistoryHasALineForEachTrial() throws IOException {
        BufferedImage image = drawn(new HistoryFigure(history()));
        for (int color : new int[]{0xaadc32, 0x27ad81, 0x440154}) {
            assertThat(count(image, color)).isGreaterThan(300);
        }
        assertThatThrownBy(() -> new HistoryFigure(List.of())).hasMessageStartingWith("no evaluation to draw");
    }

    @Test
    void aComparisonHasAColourForEachRun() throws IOException {
        List<HistoryTable.Row> lower = history().stream()
                .map(row -> new HistoryTable.Row(row.trial(), row.n(), new Evaluation(row.evaluation().step(),
                        row.evaluation().tokens(), row.evaluation().trainLoss(), 0.8 * row.evaluation().valLoss())))
                .toList();
        BufferedImage image = drawn(new ComparisonFigure(Map.of("a", history(), "b", lower)));
        for (int color : new int[]{0x0072b2, 0xd55e00}) {
            assertThat(count(image, color)).isGreaterThan(300);
        }
        assertThatThrownBy(() -> new ComparisonFigure(Map.of("a", List.of())))
                .hasMessageStartingWith("no evaluation to draw");
    }

    @Test
    void learningRatesHaveALineForEachSize() throws IOException {
        var losses = new TreeMap<>(Map.of(0.001, 4.0, 0.002, 3.5, 0.004, 3.6, 0.008, Double.POSITIVE_INFINITY));
        BufferedImage image = drawn(
                new RateFigure(List.of(new RateSearch("d8", 100, losses), new RateSearch("d16", 400, losses))));
        for (int color : new int[]{0xaadc32, 0x440154}) {
            assertThat(count(image, color)).isGreaterThan(50);
        }
        losses.replaceAll((rate, loss) -> Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> new RateFigure(List.of(new RateSearch("d8", 100, losses))))
                .hasMessageStartingWith("no learning rate to draw");
    }

    /** Five sizes by four token counts: a curve and its points in the colour of each count, and what is held out of the largest. */
    @Test
    void aLawOfSizeAndTokensHasACurveForEachTokenCount() throws IOException {
        Law law = Law.of(Chinchilla.FORM, 1.82, 482, 0.35, 2085, 0.37);
        var points = new ArrayList<Point>();
        for (double n = 1e7; n < 2e8; n *= 2) {
            for (double d = 1e8; d < 1e9; d *= 2) {
                points.add(new Point(n, d, law.loss(n, d) * (1 + 0.002 * Math.sin(points.size()))));
            }
        }
        HeldOut held = HeldOut.of(Chinchilla.FORM, points, new Draws(20, 1, false));
        BufferedImage image = drawn(new SliceFigure(held, input -> input, "losses"));
        for (int color : new int[]{0xaadc32, 0x27ad81, 0x32648e, 0x440154}) {
            assertThat(count(image, color)).as("%x", color).isGreaterThan(1500);
        }
        assertThat(count(image, 0xd55e00)).as("held out").isGreaterThan(300);
        assertThat(count(image, 0x000000)).as("measured").isGreaterThan(100);
    }

    /** A line for each approach in its colour, and what it goes by: the steps of the envelope are thick. */
    @Test
    void theFrontierHasALineForEachApproach() throws IOException {
        Law law = Law.of(Chinchilla.FORM, 1.82, 482, 0.35, 2085, 0.37);
        var runs = new ArrayList<Point>();
        var evaluations = new ArrayList<Point>();
        for (int budget = 0; budget < 4; budget++) {
            for (int size = -4; size <= 4; size++) {
                double c = 1e18 * Math.pow(8, budget);
                double n = Math.sqrt(c / 60) * Math.pow(1.5, size);
                String run = "run " + runs.size();
                runs.add(new Point(Map.of("n", n, "d", c / (6 * n)), law.loss(n, c / (6 * n)), run));
                for (double share = 0.02; share < 1; share *= 1.3) {
                    double d = share * c / (6 * n);
                    evaluations.add(new Point(Map.of("d", d), law.loss(n, d), run));
                }
            }
        }
        Frontier frontier = Frontier.of(runs, Envelope.of(evaluations, runs),
                Bootstrap.of(Fit.of(Chinchilla.FORM, runs), 20, 1));
        BufferedImage image = drawn(new FrontierFigure(frontier, frontier.tenfold()));
        for (int color : new int[]{0x009e73, 0xcc79a7, 0xd55e00, 0x0072b2}) {
            assertThat(count(image, color)).as("%x", color).isGreaterThan(200);
        }
    }

    @Test
    void samePictureEveryTime() {
        byte[] first = Format.PNG.draw(new HistoryFigure(history()));
        byte[] second = Format.PNG.draw(new HistoryFigure(history()));
        assertThat(second).isEqualTo(first);
    }

    private static List<Point> points(double... losses) {
        var points = new ArrayList<Point>();
        for (double loss : losses) {
            points.add(new Point(1e6 * Math.pow(2, points.size()), loss));
        }
        return points;
    }

    private static CurveFigure figure(List<Point> points) {
        Optional<HeldOut> result = points.size() < 5
                ? Optional.empty()
                : Optional.of(HeldOut.of(Power.N, points, new Draws(50, 1, false)));
        return new CurveFigure(points, result, "sizes", "losses");
    }

    /** Black are the points, four circles of fifteen pixels at the least, and the frame of the one held out. */
    @Tag("once")
    @Test
    void pointsAreSeenWhateverTheyAre() throws IOException {
        List<List<Point>> tables = List.of(points(2), points(2, 1.9), points(2, 2), points(2, 1.9, 1.8, 1.75),
                points(2, 2, 2, 2, 2), points(2, 2.1, 2.2, 2.3, 2.4, 2.5), points(3.8, 3.3, 28, 2.5, 2.3, 2.1),
                points(2.1, 2, 2.01, 2, 1.99), points(3.8, 3.3, 2.8, 2.5, 2.3, 21), points(9, 2, 2, 2, 2));
        for (List<Point> table : tables) {
            BufferedImage image = drawn(figure(table));
            int all = Math.min(table.size(), 4);
            assertThat(count(image, 0x000000)).as("%s", table).isGreaterThan(all * 110);
        }
    }

    /** The points must not lie flat: those used in the fit fill a good part of the height. */
    @Test
    void neitherBandNorOutlierFlattensThePoints() throws IOException {
        for (List<Point> table : List.of(points(3.8, 3.3, 28, 2.5, 2.3, 2.1), points(3, 2.95, 2.85, 2.6, 2.3),
                points(2.05, 2.02, 2.03, 1.99, 2.0))) {
            assertThat(height(drawn(figure(table)), 0x000000)).as("%s", table).isGreaterThan(280);
        }
    }

    private static int height(BufferedImage image, int color) {
        int top = image.getHeight();
        int bottom = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xffffff) == color) {
                    top = Math.min(top, y);
                    bottom = y;
                }
            }
        }
        return bottom - top;
    }

    @Test
    void theEndingSaysTheFormat() throws IOException {
        CurveFigure figure = figure(points(2, 1.9, 1.8, 1.75));
        figure.write(folder.resolve("a.SVG"));
        assertThat(folder.resolve("a.SVG")).content().contains("<svg", ">losses</text");
        figure.write(folder.resolve("a.jpg"));
        assertThat(ImageIO.read(folder.resolve("a.jpg").toFile()).getWidth()).isEqualTo(1600);
        assertThatThrownBy(() -> figure.write(folder.resolve("a.xyz"))).hasMessage(folder.resolve("a.xyz")
                + ": no picture can be written with the ending '.xyz'; expected .png, .jpg, .jpeg, .svg");
        assertThatThrownBy(() -> figure.write(folder.resolve("picture"))).hasMessageContaining("the ending ''");
        assertThat(folder.resolve("a.xyz")).doesNotExist();
    }

    private BufferedImage drawn(Figure figure) throws IOException {
        Path file = folder.resolve("figure.png");
        figure.write(file);
        BufferedImage image = ImageIO.read(Files.newInputStream(file));
        assertThat(image.getWidth()).isEqualTo(1600);
        assertThat(image.getHeight()).isEqualTo(1000);
        return image;
    }

    private static int count(BufferedImage image, int color) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xffffff) == color ? 1 : 0;
            }
        }
        return count;
    }
}
