package org.einscale.experiments.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.experiments.config.Settings;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Draws;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.table.Columns;
import org.einscale.scaling.table.CsvPoints;
import org.einscale.scaling.table.Run;

/**
 * A law fitted to the table of a run, or why there is none.
 *
 * @param study the law; empty where there is none
 * @param problem why there is none, else empty
 */
public record SweepFit(Optional<Study> study, String problem) {
    private static final Map<String, String> CONVENTIONS = Map.of("n", "parameters without embeddings", "d",
            "training tokens", "u", "training tokens seen for the first time", "c",
            "training FLOPs, counted from the program");

    /** A law that was fitted. */
    public static SweepFit of(Study study) {
        return new SweepFit(Optional.of(study), "");
    }

    /** The law that the experiment of a run asks for, fitted to what has finished. */
    public static SweepFit of(RunSnapshot run) {
        return of(run, run.experiment().settings().fit().bootstrap());
    }

    /** The same with so many bootstrap replicates. */
    static SweepFit of(RunSnapshot run, int replicates) {
        if (run.runs().stream().noneMatch(one -> one.status() == Run.Status.FINISHED)) {
            return new SweepFit(Optional.empty(), "no trial has finished yet");
        }
        Settings settings = run.experiment().settings();
        Form law = settings.fit().law();
        Columns columns = new Columns(Map.of("n", "n", "d", "tokens", "u", "unique_tokens", "c", "flops_program"),
                Set.copyOf(law.formula().inputs()), "val_loss", Optional.empty(), Optional.empty(), Optional.empty());
        try {
            return of(Study.of(law, CsvPoints.readValid(run.folder().table(), columns).points(), List.of(),
                    new Draws(replicates, settings.seed(), false)).with(conventions(law)));
        } catch (ScalingException tooFew) {
            return new SweepFit(Optional.empty(), String.valueOf(tooFew.getMessage()));
        }
    }

    private static Map<String, String> conventions(Form law) {
        return CONVENTIONS.entrySet().stream().filter(entry -> law.formula().inputs().contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
