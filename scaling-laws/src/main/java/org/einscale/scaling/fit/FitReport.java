package org.einscale.scaling.fit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;
import org.einscale.scaling.law.Inputs;

/**
 * A fit with its held-out predictions, as a table for people and as JSON for programs. Losses are in nats per token; numbers that do
 * not exist are null in JSON.
 *
 * @param study what is reported
 * @param comparisons other laws fitted to the same points, and this one; empty where none is asked for
 */
public record FitReport(Study study, List<Comparison> comparisons) {

    private static final double LOG_10 = Math.log(10);
    private static final int PREDICTIONS_SHOWN = 8;
    private static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** A report of one law alone. */
    public FitReport(Study study) {
        this(study, List.of());
    }

    /** The table, lines ended by a newline. */
    public String table() {
        Fit fit = study.fit();
        long percent = Math.round(100 * Study.LEVEL);
        var text = new StringBuilder();
        line(text, "%s   fitted to %d points, %s", fit.form().text(), fit.points().size(),
                fit.form().formula().inputs().stream().map(this::range).collect(Collectors.joining(", ")));
        study.lawConventions().forEach((input, convention) -> line(text, "  %s: %s", Inputs.symbol(input), convention));
        line(text, "");
        line(text, "  %-10s %12s   %d%% interval (%s)", "parameter", "value", percent, study.intervals().method());
        fit.law().parameters().forEach((name, value) -> line(text, "  %-10s %12s   %s", name, fit.law().text(name),
                study.intervalText(name)));
        line(text, "");
        heldOut(text, percent);
        line(text, "");
        line(text, "  objective %s, R^2 %s, reached from %d of %d starts, %d bootstrap replicates (%s), seed %d",
                Figures.of(fit.objective()),
                Double.isNaN(fit.rSquared()) ? "unknown" : String.format(Locale.ROOT, "%.5f", fit.rSquared()),
                fit.reached(), fit.starts(), study.bootstrap().laws().size(), resampling() + openReplicates(),
                study.bootstrap().seed());
        if (!fit.converged()) {
            line(text, "  NOT CONVERGED: %s", fit.determination().problem());
        }
        study.weaknesses().stream().filter(weakness -> !weakness.startsWith("not converged"))
                .forEach(weakness -> line(text, "  weak: %s", weakness));
        compared(text);
        return text.toString();
    }

    private void compared(StringBuilder text) {
        if (comparisons.isEmpty()) {
            return;
        }
        double least = comparisons.stream().mapToDouble(Comparison::aic).min().orElse(0);
        int width = comparisons.stream().mapToInt(one -> one.form().label().length()).max().orElse(0);
        line(text, "");
        line(text, "  %-" + width + "s %10s %14s %10s", "law", "parameters", "held-out error", "AIC");
        comparisons.forEach(one -> line(text, "  %-" + width + "s %10d %13.2f%% %+10.1f%s", one.form().label(),
                one.parameters(), 100 * one.heldOutError(), one.aic() - least,
                one.converged() ? "" : "   not converged"));
    }

    private String range(String input) {
        var values = study.fit().points().stream().mapToDouble(point -> point.at(input)).summaryStatistics();
        return Inputs.symbol(input) + " = " + Figures.count(values.getMin()) + " to " + Figures.count(values.getMax());
    }

    private void heldOut(StringBuilder text, long percent) {
        HeldOut held = study.held();
        List<Prediction> predictions = held.predictions();
        int width = Math.max(10, predictions.stream().mapToInt(p -> scale(p).length()).max().orElse(0));
        line(text, "  %-" + width + "s %12s   %-22s %9s %8s", "held out", "predicted", percent + "% interval",
                "measured", "error");
        predictions.reversed().stream().limit(PREDICTIONS_SHOWN).forEach(p -> line(text,
                "  %-" + width + "s %12s   %-22s %9s %8s", scale(p), Figures.of(p.predicted()), p.interval().text(),
                Figures.of(p.measured()), p.errorText()));
        if (predictions.size() > 1) {
            line(text,
                    "  %d scales held out: mean error %.2f%%, largest %.2f%%, by the law fitted to the other %d points",
                    predictions.size(), 100 * held.meanError(), 100 * held.largestError(), held.fit().points().size());
        }
        if (!held.fit().converged()) {
            line(text, "  NOT CONVERGED without them: %s", held.fit().determination().problem());
        }
    }

    private String scale(Prediction prediction) {
        return study.fit().form().formula().inputs().stream()
                .map(input -> Inputs.symbol(input) + " = "
                        + Figures.count(prediction.at().getOrDefault(input, Double.NaN)))
                .collect(Collectors.joining(", "));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private String openReplicates() {
        long open = study.bootstrap().open();
        return open == 0 ? "" : ", " + open + " without a minimum";
    }

    private String resampling() {
        return study.bootstrap().resampling().name().toLowerCase(Locale.ROOT);
    }

    /** The report as JSON. */
    public String json() {
        Fit fit = study.fit();
        ObjectNode root = JSON.createObjectNode();
        root.put("law", fit.form().name()).put("source", fit.form().source())
                .put("text", fit.form().formula().text()).put("formula", fit.form().text())
                .put("equation", fit.law().equation());
        ObjectNode conventions = root.putObject("conventions");
        new TreeMap<>(study.conventions()).forEach(conventions::put);
        ObjectNode parameters = root.putObject("parameters");
        fit.law().parameters().forEach((name, value) -> parameter(parameters.putObject(name), name, value));
        root.putObject("intervals").put("method", study.intervals().method()).put("level", Study.LEVEL);
        root.putObject("objective").put("name", "sum of Huber losses of log residuals")
                .put("delta", HuberObjective.DELTA)
                .put("value", fit.objective()).put("starts", fit.starts()).put("starts_that_reached_it", fit.reached())
                .put("converged", fit.converged())
                .put("problem", fit.converged() ? null : fit.determination().problem());
        number(root, "r_squared", fit.rSquared());
        covariance(root.putObject("covariance"));
        ArrayNode weaknesses = root.putArray("weaknesses");
        study.weaknesses().forEach(weaknesses::add);
        heldOut(root.putObject("held_out"));
        root.putObject("bootstrap").put("resampling", resampling()).put("replicates", study.bootstrap().laws().size())
                .put("without_minimum", study.bootstrap().open()).put("seed", study.bootstrap().seed());
        ArrayNode compared = root.putArray("comparison");
        comparisons.forEach(one -> {
            ObjectNode node = compared.addObject().put("law", one.form().name()).put("formula", one.form().text())
                    .put("parameters", one.parameters()).put("converged", one.converged());
            number(node, "held_out_mean_relative_error", one.heldOutError());
            number(node, "aicc", one.aic());
        });
        points(root.putArray("points"));
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void parameter(ObjectNode node, String name, double value) {
        Fit fit = study.fit();
        boolean determined = fit.determination().determines(name);
        boolean signed = fit.form().formula().signed().contains(name);
        Interval interval = determined ? study.intervals().parameter(name, Study.LEVEL) : UNKNOWN;
        Interval resampled = study.bootstrap().parameter(name, Study.LEVEL);
        number(node, "value", value);
        interval(node, "", signed ? interval : interval.exp());
        if (!signed && !Double.isFinite(value)) {
            number(node, "log10", fit.law().theta().get(fit.form().parameters().indexOf(name)) / LOG_10);
            interval(node, "log10_", new Interval(interval.low() / LOG_10, interval.high() / LOG_10));
        }
        number(node, "standard_error", study.covariance().standardError(name) * (signed ? 1 : value));
        interval(node, "bootstrap_", signed ? resampled : resampled.exp());
        node.put("determined", determined);
    }

    private void covariance(ObjectNode node) {
        Covariance covariance = study.covariance();
        node.put("of", "natural logarithms of positive parameters, others as they are");
        ArrayNode names = node.putArray("names");
        covariance.names().forEach(names::add);
        ArrayNode matrix = node.putArray("matrix");
        for (double[] row : covariance.matrix()) {
            ArrayNode cells = matrix.addArray();
            for (double cell : row) {
                if (Double.isFinite(cell)) {
                    cells.add(cell);
                } else {
                    cells.addNull();
                }
            }
        }
        number(node, "condition_number", covariance.condition());
    }

    private void heldOut(ObjectNode node) {
        HeldOut held = study.held();
        number(node, "mean_relative_error", held.meanError());
        number(node, "largest_relative_error", held.largestError());
        node.put("fitted_points", held.fit().points().size()).put("equation", held.fit().law().equation())
                .put("converged", held.fit().converged());
        ArrayNode points = node.putArray("points");
        for (Prediction prediction : held.predictions()) {
            ObjectNode point = points.addObject();
            new TreeMap<>(prediction.at()).forEach((input, value) -> number(point, input, value));
            number(point, "predicted", prediction.predicted());
            interval(point, "", prediction.interval());
            number(point, "measured", prediction.measured());
            number(point, "relative_error", prediction.relativeError());
        }
    }

    private void points(ArrayNode points) {
        Fit fit = study.fit();
        double[] fitted = fit.law().losses(fit.points());
        for (int i = 0; i < fit.points().size(); i++) {
            Point point = fit.points().get(i);
            ObjectNode node = points.addObject();
            new TreeMap<>(point.at()).forEach((input, value) -> number(node, input, value));
            number(node, "loss", point.loss());
            number(node, "fitted", fitted[i]);
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
