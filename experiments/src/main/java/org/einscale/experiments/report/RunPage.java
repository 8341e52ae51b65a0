package org.einscale.experiments.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.einscale.experiments.OutputFile;
import org.einscale.experiments.Version;

/**
 * A run as one page of HTML that needs nothing beside it: tables and pictures for any reader, and charts that answer to the pointer where
 * scripts run.
 *
 * @param run the run
 * @param fit the law
 * @param scale losses against scale, with the law
 */
public record RunPage(RunSnapshot run, SweepFit fit, Optional<Chart> scale) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    /** The page of a run with a law. */
    public RunPage(RunSnapshot run, SweepFit fit) {
        this(run, fit, new ScaleChart(run.runs(), fit.study()).chart());
    }

    /** The page of a run as it is now, with the law that its experiment asks for. */
    public static RunPage of(RunSnapshot run) {
        return new RunPage(run, SweepFit.of(run));
    }

    /** Writes {@code report.html} into the run's folder. */
    public void write() {
        OutputFile.write(run.folder().report(), html());
    }

    /** The page to keep. */
    public String html() {
        return page(false, new StillFigures(run, fit).html());
    }

    /** The page that asks for {@link #json} again and again. */
    public String live() {
        return page(true, "<noscript>" + Html.paragraph("Charts, and news, need scripts: reload the page for the"
                + " latest tables.") + "</noscript>");
    }

    /** What of the page may change: its pieces of HTML and its charts. */
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode sections = root.putObject("sections");
        new RunSections(run, fit).all().forEach(sections::put);
        root.set("charts", ChartJson.of(charts()));
        return text(root);
    }

    private List<Chart> charts() {
        return Stream.of(scale, new HistoryChart(run.trials()).chart(),
                new RateChart(run.searched()).chart()).flatMap(chart -> chart.stream()).toList();
    }

    private String page(boolean live, String still) {
        ObjectNode data = new ObjectMapper().createObjectNode();
        data.put("live", live).set("charts", ChartJson.of(charts()));
        Map<String, String> parts = new HashMap<>(new RunSections(run, fit).all());
        parts.put("title", Html.text(run.folder().name()));
        parts.put("version", Html.text(Version.number()));
        parts.put("still", still);
        parts.put("data", text(data));
        return PLACE.matcher(template()).replaceAll(place -> Matcher.quoteReplacement(
                Objects.requireNonNull(parts.get(place.group(1)), place.group(1))));
    }

    /** As JSON in which no tag can begin, so that it may stand in a page. */
    private static String text(ObjectNode node) {
        try {
            return new ObjectMapper().writeValueAsString(node).replace("<", "\\u003c");
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String template() {
        try (InputStream file = Objects.requireNonNull(RunPage.class.getResourceAsStream("page.html"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
