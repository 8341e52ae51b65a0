package org.einscale.experiments.answer;

import java.util.List;
import java.util.Locale;
import org.einscale.experiments.explain.Columns;
import org.einscale.scaling.Figures;
import org.einscale.tensor.Quantity;
import org.einscale.trainer.Predictor;
import org.einscale.trainer.task.ParityAnswers;
import org.einscale.trainer.task.SparseParity;

/**
 * What the models of multitask sparse parity answer to every subtask.
 *
 * @param answers of each model
 */
public record SubtaskAnswers(List<TaskModel> models, List<ParityAnswers> answers) {

    /** Asks the models. */
    public static SubtaskAnswers of(List<TaskModel> models) {
        return new SubtaskAnswers(models, models.stream().map(SubtaskAnswers::answers).toList());
    }

    private static ParityAnswers answers(TaskModel model) {
        try (Predictor predictor = Predictor.load(model.folder())) {
            return ParityAnswers.of((SparseParity) model.task(), model.seed(), predictor::logProbabilities);
        }
    }

    @Override
    public String toString() {
        Columns rows = new Columns(
                List.of("N", "examples", "loss", "by the law", "off", "known", "most frequent known"), "trial");
        for (int i = 0; i < models.size(); i++) {
            ParityAnswers of = answers.get(i);
            rows.add(List.of(Quantity.count(models.get(i).run().n()), Quantity.count(models.get(i).examples()),
                    Figures.of(of.loss()), Figures.of(of.lossByLaw()),
                    String.format(Locale.ROOT, "%+.4f", of.loss() - of.lossByLaw()), Long.toString(of.known()),
                    Integer.toString(of.mostFrequentKnown())), models.get(i).run().trial());
        }
        return "asked for every subtask; by the law: of one who knows the same subtasks and guesses at the others\n"
                + rows;
    }
}
