package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Law;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two-variable law on the points of Hoffmann et al. 2022 as read off their figure by Besiroglu et al. 2024. The points are no
 * part of the project: the test runs where a folder {@code shared/data} lies beside one of the folders above.
 */
@Tag("once")
class PublishedOptimumTest {

    @ParameterizedTest
    @ValueSource(ints = {240, 245})
    void reachesTheKnownOptimum(int count) throws IOException {
        Path data = data();
        JsonNode known = new ObjectMapper().readTree(data.resolve("published_constants.json").toFile())
                .get("huber_optimum_" + count);
        List<Point> points = points(data.resolve("chinchilla_points.csv"));
        // The smaller set leaves out the points with the highest loss.
        List<Point> fitted = points.stream().sorted(Comparator.comparingDouble(Point::loss)).limit(count).toList();
        var fit = Fit.of(Chinchilla.FORM, fitted);
        assertThat(fit.objective()).isLessThanOrEqualTo(known.get("objective_sum").doubleValue() * (1 + 1e-6));
        assertThat(fit.law().irreducible()).isCloseTo(known.get("E").doubleValue(), within(1e-3));
        assertThat(fit.law().value("alpha")).isCloseTo(known.get("alpha").doubleValue(), within(1e-3));
        assertThat(fit.law().value("beta")).isCloseTo(known.get("beta").doubleValue(), within(1e-3));
        assertThat(fit.converged()).isTrue();
    }

    private static JsonNode constants() throws IOException {
        return new ObjectMapper().readTree(data().resolve("published_constants.json").toFile());
    }

    private static List<Point> best(int count) throws IOException {
        return points(data().resolve("chinchilla_points.csv")).stream()
                .sorted(Comparator.comparingDouble(Point::loss)).limit(count).toList();
    }

    @Test
    void intervalsAreThoseOfBesirogluEtAl() throws IOException {
        JsonNode known = constants().get("besiroglu_2024");
        Bootstrap bootstrap = Bootstrap.of(Fit.of(Chinchilla.FORM, best(240)), 1000, 1);
        for (String name : List.of("A", "B", "E", "alpha", "beta")) {
            double low = known.at("/ci95/" + name + "/0").doubleValue();
            double high = known.at("/ci95/" + name + "/1").doubleValue();
            Interval interval = bootstrap.parameter(name, 0.95).exp();
            assertThat(interval.low()).as(name).isCloseTo(low, within(0.1 * (high - low)));
            assertThat(interval.high()).as(name).isCloseTo(high, within(0.15 * (high - low)));
            assertThat(interval.contains(known.get(name).doubleValue())).as(name).isTrue();
        }
        double[] shares = bootstrap.laws().stream()
                .mapToDouble(law -> law.value("beta") / (law.value("alpha") + law.value("beta"))).toArray();
        assertThat(Interval.percentile(shares, 0.95).contains(known.get("a").doubleValue())).isTrue();
    }

    /** The published law of 2022 lies above the optimum by far, which is what Besiroglu et al. found. */
    @Test
    void thePublishedLawIsNoOptimum() throws IOException {
        JsonNode known = constants().at("/hoffmann_2022/unrounded_log");
        double[] theta = {known.get("e").doubleValue(), known.get("a").doubleValue(),
            Math.log(known.get("alpha").doubleValue()), known.get("b").doubleValue(),
            Math.log(known.get("beta").doubleValue())};
        List<Point> points = best(240);
        double published = Fit
                .objective(Chinchilla.FORM, points, Fit.logLoss(points), Fit.ones(points.size())).value(theta);
        assertThat(published).isGreaterThan(1.2 * Fit.of(Chinchilla.FORM, points).objective());
    }

    @Test
    void theLargestRunsArePredictedAsOthersDo() throws IOException {
        JsonNode known = constants().get("holdout_C_ge_1e21_23pts");
        for (int count : new int[]{240, 245}) {
            List<Point> all = best(count);
            List<Point> large = all.stream().filter(p -> 6 * p.n() * p.tokens() >= 1e21 * (1 - 1e-12)).toList();
            HeldOut held = HeldOut.of(Chinchilla.FORM, all, large, new Draws(10, 1, false));
            JsonNode errors = known.get("huber_" + count + "_train" + (count - 23));
            assertThat(held.predictions()).hasSize(23);
            assertThat(held.meanError()).isCloseTo(errors.get("mean_rel_err").doubleValue(), within(2e-5));
            assertThat(held.largestError()).isCloseTo(errors.get("max_rel_err").doubleValue(), within(2e-5));
        }
    }

    /** Least squares of log residuals, from which the intervals of few points are. */
    @Test
    void leastSquaresReachTheKnownOptimum() throws IOException {
        JsonNode known = constants().get("log_ols_240");
        List<Point> points = best(240);
        double[] logLoss = Fit.logLoss(points);
        var squares = new LeastSquares(Chinchilla.FORM.formula().over(points, Chinchilla.FORM.parameters()), 5, logLoss,
                Fit.ones(points.size()));
        Fit fit = Fit.of(Chinchilla.FORM, points);
        LeastSquares.End end = squares.minimise(fit.theta(), -1);
        assertThat(end.sum() / 2).isCloseTo(known.get("half_rss").doubleValue(), within(1e-9));
        Law law = Law.at(Chinchilla.FORM, end.theta());
        for (String name : List.of("A", "B", "E", "alpha", "beta")) {
            assertThat(law.value(name)).as(name).isCloseTo(known.get(name).doubleValue(),
                    within(1e-3 * known.get(name).doubleValue()));
        }
    }

    private static Path data() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path data = folder.resolve("shared/data");
            if (Files.isRegularFile(data.resolve("chinchilla_points.csv"))) {
                return data;
            }
        }
        Assumptions.abort("no folder shared/data above " + Path.of("").toAbsolutePath());
        throw new AssertionError();
    }

    private static List<Point> points(Path csv) throws IOException {
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(csv)) {
            return reader.stream().map(row -> {
                double n = Double.parseDouble(row.getField("Model Size"));
                double flops = Double.parseDouble(row.getField("Training FLOP"));
                return new Point(n, flops / (6 * n), Double.parseDouble(row.getField("loss")));
            }).toList();
        }
    }
}
