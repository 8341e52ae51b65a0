package org.einscale.experiments.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Columns columns = new Columns(Map.of("n", settings.fit().n(), "d", "tokens", "u", "unique_tokens", "c",
                settings.fit().c()),
                Set.copyOf(law.formula().inputs()), "val_loss", Optional.empty(), Optional.empty(), Optional.empty());
        try {
            CsvPoints table = CsvPoints.readValid(run.folder().table(), columns);
            return of(Study.of(law, table.points(), List.of(), new Draws(replicates, settings.seed(), false))
                    .with(table.conventions()));
        } catch (ScalingException tooFew) {
            return new SweepFit(Optional.empty(), String.valueOf(tooFew.getMessage()));
        }
    }
}
