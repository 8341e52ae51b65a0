package org.einscale.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.experiments.config.FlatSettings;
import org.einscale.experiments.progress.Clock;
import org.einscale.scaling.Figures;
import org.einscale.scaling.sweep.TrialStatus;
import org.einscale.scaling.table.RateTable;

/**
 * What a page says of a run beside its charts.
 *
 * @param run the run
 * @param fit the law
 */
record RunSections(RunSnapshot run, SweepFit fit) {

    /** All of it, a piece of HTML each, by its place in the page. */
    SequencedMap<String, String> all() {
        SequencedMap<String, String> sections = new LinkedHashMap<>();
        sections.put("state", Html.text(state()));
        sections.put("warnings", warnings());
        sections.put("law", new LawSection(fit).html());
        sections.put("trials", table("A row a trial. Point at a number to see all its digits.", run.trials()));
        sections.put("search", search());
        sections.put("settings", settings());
        sections.put("provenance", provenance());
        return sections;
    }

    /** Where the run is, in one line. */
    String state() {
        return (run.trials().isEmpty() ? "no trial has begun" : counts(run.trials()))
                + (run.searched().isEmpty() ? "" : "; search for learning rates: " + counts(run.searched()))
                + run.left().map(time -> "; about " + Clock.text(time) + " left").orElse("");
    }

    private String counts(List<TrialStatus> trials) {
        Map<TrialStatus.State, Long> counts = trials.stream().collect(Collectors.groupingBy(
                trial -> trial.state(run.now()), () -> new EnumMap<>(TrialStatus.State.class), Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + (entry.getValue() == 1 ? " trial " : " trials ")
                        + TrialsTable.word(entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    private String warnings() {
        List<String> warnings = new ArrayList<>(run.folder().warnings());
        run.in(TrialStatus.State.FAILED).stream().flatMap(trial -> trial.run().stream())
                .forEach(failed -> warnings.add(failed.trial() + " failed"
                        + (failed.failedStep().isPresent() ? " at step " + failed.failedStep().getAsLong() : "") + ": "
                        + failed.failure()));
        run.in(TrialStatus.State.SILENT)
                .forEach(trial -> warnings.add(trial.name() + " was begun and has not ended" + trial.heard()
                        .map(_ -> "; last heard of " + Clock.text(trial.silence(run.now())) + " ago").orElse("")));
        run.folder().rates().stream().filter(row -> !row.enclosed())
                .forEach(row -> warnings.add("learning rate of " + row.size()
                        + ": the best lies at an end of what was tried"));
        warnings.addAll(LawSection.warnings(fit));
        return warnings.isEmpty() ? "" : Html.list(warnings);
    }

    private String table(String caption, List<TrialStatus> trials) {
        return trials.isEmpty() ? "" : new TrialsTable(trials, run.now()).html(caption);
    }

    private String search() {
        List<RateTable.Row> rows = run.folder().rates();
        String found = rows.isEmpty()
                ? ""
                : Html.table("Learning rates found",
                        List.of(Html.Column.text("size"),
                                new Html.Column("n", "parameters", "non-embedding parameters N", true),
                                Html.Column.numbers("learning rate"), Html.Column.numbers("tried"),
                                Html.Column.numbers("from"), Html.Column.numbers("to"),
                                new Html.Column("val_loss", "nats/token", "of the best short training", true)),
                        rows.stream().map(row -> List.of(Html.Cell.of(row.size()),
                                new Html.Cell(Figures.count(row.n()), Long.toString(row.n())),
                                new Html.Cell(Figures.of(row.rate()), Double.toString(row.rate())),
                                Html.Cell.of(Long.toString(row.tried())), Html.Cell.of(Figures.of(row.lowest())),
                                Html.Cell.of(Figures.of(row.highest())),
                                new Html.Cell(Figures.of(row.valLoss()), Double.toString(row.valLoss())))).toList());
        return found + (run.searched().isEmpty()
                ? ""
                : Html.details("Short trainings", table("Short trainings", run.searched())));
    }

    private String settings() {
        SortedMap<String, String> all = FlatSettings.of(run.experiment().resolved());
        SortedMap<String, String> changed = new TreeMap<>(all);
        changed.entrySet().removeAll(FlatSettings.of(ExperimentFile.defaults(List.of()).resolved()).entrySet());
        return (changed.isEmpty() ? "" : settings("Settings that are not the defaults", changed))
                + Html.details("All settings", settings("All settings", all));
    }

    private static String settings(String caption, SortedMap<String, String> settings) {
        return Html.table(caption, List.of(Html.Column.text("setting"), Html.Column.text("value")),
                settings.entrySet().stream()
                        .map(entry -> List.of(Html.Cell.of(entry.getKey()), Html.Cell.of(entry.getValue()))).toList());
    }

    private String provenance() {
        List<JsonNode> starts = run.folder().starts();
        if (starts.isEmpty()) {
            return Html.paragraph("Where the run comes from is not known: the folder holds no provenance.json.");
        }
        String diff = starts.getLast().path("diff").asText();
        return Html.table("The last of " + starts.size() + (starts.size() == 1 ? " start" : " starts"),
                List.of(Html.Column.text("of"), Html.Column.text("value")),
                starts.getLast().properties().stream().filter(entry -> !entry.getKey().equals("diff"))
                        .map(entry -> List.of(Html.Cell.of(entry.getKey()), Html.Cell.of(value(entry.getValue()))))
                        .toList())
                + (diff.isEmpty() ? "" : Html.details("What differs from the commit", Html.preformatted(diff)));
    }

    private static String value(JsonNode value) {
        return value.isArray()
                ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(" "))
                : value.asText();
    }
}
