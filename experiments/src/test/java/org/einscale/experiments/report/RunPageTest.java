package org.einscale.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.einscale.experiments.Main;
import org.einscale.experiments.RecordedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {
    private static final Pattern DATA = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>",
            Pattern.DOTALL);

    @TempDir
    private Path temporary = Path.of("");

    private RecordedRun finished() throws IOException {
        return MadeRun.of(temporary.resolve("a<b>&"), MadeRun.WIDTHS.size());
    }

    /** Two trials have finished, the third is killed in its last quarter. */
    private RecordedRun halfFinished() throws IOException {
        return MadeRun.of(temporary.resolve("half"), 2);
    }

    private static RunPage page(RecordedRun run, Instant now) {
        return RunPage.of(RunSnapshot.of(run, now));
    }

    private static String html(RecordedRun run) {
        return page(run, Instant.now()).html();
    }

    private static JsonNode data(String html) throws IOException {
        Matcher data = DATA.matcher(html);
        assertThat(data.find()).isTrue();
        return new ObjectMapper().readTree(data.group(1));
    }

    private static Map<String, JsonNode> series(JsonNode data, String chart, String view) {
        JsonNode found = only(only(data.path("charts"), "id", chart).path("views"), "name", view);
        return StreamSupport.stream(found.path("series").spliterator(), false)
                .collect(Collectors.toMap(one -> one.path("name").asText(), one -> one.path("points")));
    }

    private static JsonNode only(JsonNode nodes, String key, String value) {
        return StreamSupport.stream(nodes.spliterator(), false).filter(node -> node.path(key).asText().equals(value))
                .findFirst().orElseThrow();
    }

    /** Columns of the run's table, by their meaning: what is fitted by others is named with these. */
    @Test
    void thePageSaysHowSizesAndComputeAreCounted() throws IOException {
        RecordedRun run = finished();
        assertThat(html(run)).contains("N: non-embedding parameters N, column &#39;n&#39;")
                .contains("training compute C (FLOP): operations of the whole run, counted from the program");
        Path settings = run.path().resolve("resolved.conf");
        Files.writeString(settings, Files.readString(settings).replaceFirst("\\bn *= *n\\b", "n=n_total")
                .replace("flops_program", "flops_attention"));
        assertThat(html(run)).contains("N: all parameters, column &#39;n_total&#39;")
                .contains("training compute C (FLOP): the estimate 6 N D with attention, 12 L d T a token");
    }

    @Test
    void theChartsHaveTrialsAndLawWithItsInterval() throws IOException {
        Map<String, JsonNode> scale = series(data(html(finished())), "scale", "N");

        assertThat(scale).containsOnlyKeys("law", "irreducible loss", "measured", "measured, the largest",
                "predicted without the largest");
        assertThat(scale.get("measured")).hasSize(4);
        JsonNode first = Objects.requireNonNull(scale.get("measured")).path(0);
        assertThat(first.path(0).asDouble()).isEqualTo(6400);
        assertThat(first.path(1).asDouble()).isCloseTo(3 + 20 * Math.pow(6400, -0.4), within(0.01));
        assertThat(first.path(5).asText()).isEqualTo("d8: N = 6.4k, D = 4k, C = 179M, U = 4k");
        assertThat(scale.get("law")).hasSizeGreaterThan(20).allSatisfy(point -> {
            if (!point.path(2).isNull()) {
                assertThat(point.path(1).asDouble()).isBetween(point.path(2).asDouble(), point.path(3).asDouble());
            }
        });
        assertThat(Objects.requireNonNull(scale.get("predicted without the largest")).path(0).path(5).asText())
                .matches("N = 102k.*, error .*%");
    }

    @Test
    void thePageHasRunsWithUnitsLawSettingsProvenanceAndWarnings() throws IOException {
        assertThat(html(finished())).contains("1 trial failed", "5 trials finished", "<small>nats/token</small>",
                ">val_loss ", "<th scope=\"row\">d32</th>", "title=\"102400\">102k</td>", "L(N) = ", "95% interval",
                "profile likelihood", "<li>d4 failed at step 7: loss is ", "<th scope=\"row\">sweep.sizes</th>",
                "<th scope=\"row\">commit</th>", "law: too few points");
    }

    @Test
    void whatIsReadIsShownAsTextAndNoTag() throws IOException {
        String html = html(finished());

        assertThat(html).doesNotContain("<b>").contains("<h1>a&lt;b&gt;&amp;</h1>",
                "loss is &lt;/script&gt;&lt;b&gt;");
        assertThat(html.split("</script>", -1)).hasSize(3);
    }

    @Test
    void nothingOutsideThePageIsAskedFor() throws IOException {
        String html = html(finished());

        assertThat(html).contains("default-src 'none'").doesNotContain("@import", "url(http");
        assertThat(Pattern.compile("(?:src|href)=\"(?!data:image/png;base64,)").matcher(html).find()).isFalse();
        assertThat(html).contains("<noscript><figure><img alt=\"Loss against size\"");
    }

    @Test
    void aHalfFinishedRunIsShownAsFarAsItIs() throws IOException {
        RecordedRun run = halfFinished();
        Instant heard = Files.getLastModifiedTime(run.trial("d16").resolve("progress.json")).toInstant();
        RunPage page = page(run, heard.plusSeconds(2));

        assertThat(page.html()).contains("2 trials finished, 1 trial training, 3 trials waiting; about 0:",
                "training, step 30 of 40, 0:01 left", "No law fitted: a fit needs at least 3 different values",
                "<td>waiting</td>");
        JsonNode data = new ObjectMapper().readTree(page.json());
        assertThat(series(data, "history", "validation, by tokens").get("d16")).hasSize(3);
        assertThat(series(data, "scale", "N")).containsOnlyKeys("measured");
        assertThat(data.path("sections").path("state").asText()).startsWith("2 trials finished");
        assertThat(page(run, heard.plus(Duration.ofMinutes(5))).html())
                .contains("1 trial begun", "d16 was begun and has not ended; last heard of 5:00 ago");
    }

    @Test
    void aRunThatHasNotBegunAnyTrialIsShown() throws IOException {
        RecordedRun run = MadeRun.of(temporary.resolve("begun"), 0);
        Files.delete(run.table());
        deleteTrials(run.path());

        assertThat(html(run)).contains("no trial has begun", "No law fitted: no trial has finished yet");
        assertThat(data(html(run)).path("charts")).isEmpty();
    }

    private static void deleteTrials(Path run) throws IOException {
        try (var files = Files.walk(run.resolve("trials"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theCommandWritesThePageAndAFitWritesItAnewWithItsLaw() throws IOException {
        RecordedRun run = finished();
        StringWriter err = new StringWriter();
        assertThat(Main.commandLine().setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err))
                .execute("report", run.path().toString())).as(err.toString()).isZero();
        assertThat(run.report()).content().contains("L(N) = E + A N^-alpha");

        Main.commandLine().setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err)).execute("fit",
                run.path().toString(), "--law", "A * n^-alpha", "--bootstrap", "5");
        assertThat(run.report()).content().contains("L(N) = A N^-alpha, fitted to 5 points");
        assertThat(err.toString()).contains("report with this law: " + run.report());

        Files.writeString(run.path().resolve("resolved.conf"), "no.such = setting");
        StringWriter out = new StringWriter();
        assertThat(Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute("fit",
                run.path().toString(), "--bootstrap", "5")).isZero();
        assertThat(out.toString()).contains("alpha");
        assertThat(err.toString()).contains("no report: " + run.path().resolve("resolved.conf"));
    }

    @Test
    void aWatchedRunIsReadAnewAndItsLawFollows() throws IOException {
        Path folder = temporary.resolve("watched");
        RecordedRun run = MadeRun.of(folder, 2);
        WatchedRun watched = new WatchedRun(run, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        assertThat(watched.settled().fit().study()).isEmpty();

        MadeRun.of(folder, MadeRun.WIDTHS.size());
        assertThat(watched.settled()).satisfies(page -> {
            assertThat(page.fit().study()).isPresent();
            assertThat(page.run().isOver()).isTrue();
        });
    }

    @Test
    void theTerminalShowsStatesProgressCurvesAndLaw() throws IOException {
        RecordedRun run = halfFinished();
        Instant heard = Files.getLastModifiedTime(run.trial("d16").resolve("progress.json")).toInstant();
        TerminalView view = new TerminalView(page(run, heard.plusSeconds(2)), true);

        List<String> lines = view.lines(200);
        assertThat(lines.getFirst())
                .startsWith("half: 2 trials finished, 1 trial training, 3 trials waiting; about 0:");
        assertThat(lines.get(1)).matches("d16 training \\[#{9}---] 30/40 \\(75%\\)  loss \\d+\\.\\d+  1k tokens/s  ETA"
                + " 0:01  █▄▁");
        assertThat(lines.get(2)).matches("d24 finished loss 3\\.\\d+  1\\.\\d+ bits/byte  1k tokens/s  █▅▂▁");
        assertThat(lines.get(4)).isEqualTo("d4  waiting");
        assertThat(lines.getLast()).startsWith("no law yet: a fit needs");
        assertThat(view.lines(20)).allMatch(line -> line.length() < 20);
        assertThat(view.plain()).hasSize(4).noneMatch(line -> line.contains("█"));
        assertThat(new TerminalView(page(finished(), heard), true).lines(200).getLast())
                .matches("L\\(N\\) = .*; alpha in \\[.*]; the largest predicted .*%");
    }
}
