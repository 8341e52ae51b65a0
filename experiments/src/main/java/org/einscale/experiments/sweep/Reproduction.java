package org.einscale.experiments.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.einscale.experiments.RecordedRun;
import org.einscale.scaling.Figures;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.trainer.ModelDifference;
import org.einscale.trainer.SavedModel;

/**
 * A trial that was run twice.
 *
 * @param there the run that it is of
 * @param first its row there
 * @param here the run that repeated it
 * @param second its row here
 */
public record Reproduction(RecordedRun there, Run first, RecordedRun here, Run second) {

    /** What differs, a text each; nothing if all that was measured and every parameter are equal in every bit. */
    public List<String> differences() {
        List<String> differences = new ArrayList<>();
        if (first.status() != second.status()) {
            differences.add("%s there, %s here".formatted(first.status().word(), second.status().word()));
        }
        if (Double.compare(first.valLoss(), second.valLoss()) != 0) {
            differences.add("validation loss %s there, %s here".formatted(first.valLoss(), second.valLoss()));
        }
        firstMeasured().ifPresent(step -> differences.add("what was measured differs from step " + step + " on"));
        parameters().ifPresent(differences::add);
        return differences;
    }

    /** One line of it. */
    public String text() {
        List<String> differences = differences();
        return first.trial() + ": " + (differences.isEmpty()
                ? "equal in every bit: %s measurements%s, validation loss %s".formatted(history(there).size(),
                        haveModels() ? ", all parameters" : "", Figures.of(first.valLoss()))
                : String.join("; ", differences));
    }

    private Optional<Long> firstMeasured() {
        List<HistoryTable.Row> one = history(there);
        List<HistoryTable.Row> other = history(here);
        int both = Math.min(one.size(), other.size());
        for (int i = 0; i < both; i++) {
            if (!one.get(i).equals(other.get(i))) {
                return Optional.of(one.get(i).evaluation().step());
            }
        }
        List<HistoryTable.Row> longer = one.size() > both ? one : other;
        return longer.size() > both ? Optional.of(longer.get(both).evaluation().step()) : Optional.empty();
    }

    private Optional<String> parameters() {
        if (!haveModels()) {
            return Optional.empty();
        }
        List<ModelDifference> all = ModelDifference.between(folder(there), folder(here));
        return all.stream().max(Comparator.comparingDouble(ModelDifference::largest))
                .map(most -> "%s parameters differ, %s most, by up to %s".formatted(all.size(), most.parameter(),
                        Figures.of(most.largest())));
    }

    private boolean haveModels() {
        return Files.exists(folder(there).resolve(SavedModel.FILE))
                && Files.exists(folder(here).resolve(SavedModel.FILE));
    }

    private Path folder(RecordedRun run) {
        return run.trial(first.trial());
    }

    private List<HistoryTable.Row> history(RecordedRun run) {
        return run.history().stream().filter(row -> row.trial().equals(first.trial())).toList();
    }
}
