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
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.scaling.Point;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two-variable law on the points of Hoffmann et al. 2022 as read off their figure by Besiroglu et al. 2024. The points are no
 * part of the project: the test runs where a folder {@code shared/data} lies beside one of the folders above.
 */
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
