package org.einscale.scaling.fit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;

/**
 * A fit with its held-out prediction, as a table for people and as JSON for programs. Losses are in nats per token; numbers that do
 * not exist are null in JSON.
 *
 * @param result what is reported
 */
public record FitReport(HeldOut result) {

    private static final double LOG_10 = Math.log(10);
    private static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The table, lines ended by a newline. */
    public String table() {
        Fit fit = result.fit();
        int percent = percent();
        var text = new StringBuilder();
        line(text, "%s   fitted to %d points, N = %s to %s", fit.form().text(), fit.points().size(),
                Figures.count(smallest()),
                Figures.count(largest()));
        line(text, "");
        line(text, "  %-10s %12s   %d%% interval", "parameter", "value", percent);
        fit.law().parameters().forEach((name, value) -> line(text, "  %-10s %12s   %s", name,
                fit.law().text(name), result.intervalText(name)));
        line(text, "");
        line(text, "  %-10s %12s   %-22s %9s %8s", "held out", "predicted", percent + "% interval", "measured",
                "error");
        Prediction held = result.prediction();
        line(text, "  %-10s %12s   %-22s %9s %8s", "N = " + Figures.count(held.n()), Figures.of(held.predicted()),
                held.interval().text(), Figures.of(held.measured()), held.errorText());
        line(text, "");
        line(text, "  objective %s, R^2 %s, reached from %d of %d starts, %d bootstrap replicates (%s), seed %d",
                Figures.of(fit.objective()),
                Double.isNaN(fit.rSquared()) ? "unknown" : String.format(Locale.ROOT, "%.5f", fit.rSquared()),
                fit.reached(), fit.starts(),
                result.bootstrap().laws().size(), resampling() + openReplicates(), result.bootstrap().seed());
        if (!fit.converged()) {
            line(text, "  NOT CONVERGED: %s", fit.determination().problem());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private String openReplicates() {
        long open = result.bootstrap().open();
        return open == 0 ? "" : ", " + open + " without a minimum";
    }

    private int percent() {
        return (int) Math.round(100 * result.level());
    }

    private double smallest() {
        return result.fit().points().stream().mapToDouble(Point::n).min().orElse(Double.NaN);
    }

    private double largest() {
        return result.fit().points().stream().mapToDouble(Point::n).max().orElse(Double.NaN);
    }

    private String resampling() {
        return result.bootstrap().resampling().name().toLowerCase(Locale.ROOT);
    }

    /** The report as JSON. */
    public String json() {
        Fit fit = result.fit();
        ObjectNode root = JSON.createObjectNode();
        root.put("law", fit.form().name()).put("source", fit.form().source()).put("formula", fit.form().text())
                .put("equation", fit.law().equation());
        ObjectNode parameters = root.putObject("parameters");
        fit.law().parameters().forEach((name, value) -> parameter(parameters.putObject(name), name, value));
        root.putObject("objective").put("name", "sum of Huber losses of log residuals")
                .put("delta", HuberObjective.DELTA)
                .put("value", fit.objective()).put("starts", fit.starts()).put("starts_that_reached_it", fit.reached())
                .put("converged", fit.converged())
                .put("problem", fit.converged() ? null : fit.determination().problem());
        number(root, "r_squared", fit.rSquared());
        heldOut(root.putObject("held_out"));
        root.putObject("bootstrap").put("resampling", resampling()).put("replicates", result.bootstrap().laws().size())
                .put("without_minimum", result.bootstrap().open())
                .put("level", result.level()).put("seed", result.bootstrap().seed());
        points(root.putArray("points"));
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void parameter(ObjectNode node, String name, double value) {
        Fit fit = result.fit();
        boolean determined = fit.determination().determines(name);
        boolean signed = fit.form().formula().signed().contains(name);
        Interval interval = determined ? result.bootstrap().parameter(name, result.level()) : UNKNOWN;
        number(node, "value", value);
        interval(node, "", signed ? interval : interval.exp());
        if (!signed && !Double.isFinite(value)) {
            number(node, "log10", fit.law().theta().get(fit.form().parameters().indexOf(name)) / LOG_10);
            interval(node, "log10_", new Interval(interval.low() / LOG_10, interval.high() / LOG_10));
        }
        node.put("determined", determined);
    }

    private void heldOut(ObjectNode node) {
        Prediction held = result.prediction();
        number(node, "n", held.n());
        number(node, "tokens", held.tokens());
        number(node, "predicted", held.predicted());
        interval(node, "", held.interval());
        number(node, "measured", held.measured());
        number(node, "relative_error", held.relativeError());
    }

    private void points(ArrayNode points) {
        Fit fit = result.fit();
        for (int i = 0; i < fit.points().size(); i++) {
            Point point = fit.points().get(i);
            ObjectNode node = points.addObject();
            fit.form().formula().inputs().forEach(input -> number(node, input, point.at(input)));
            number(node, "loss", point.loss());
            number(node, "fitted", fit.law().loss(point.at()));
            number(node, "log_residual", fit.residuals()[i]);
        }
    }

    private static void interval(ObjectNode node, String prefix, Interval interval) {
        number(node, prefix + "low", interval.low());
        number(node, prefix + "high", interval.high());
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    /**
     * Writes the JSON.
     *
     * @throws ScalingException where the file cannot be written
     */
    public void write(Path file) {
        AtomicFile.write(file, json());
    }
}
