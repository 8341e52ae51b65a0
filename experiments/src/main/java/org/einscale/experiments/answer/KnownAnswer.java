package org.einscale.experiments.answer;

import java.util.List;
import java.util.Locale;
import org.einscale.experiments.explain.Columns;
import org.einscale.scaling.Figures;
import org.einscale.tensor.Quantity;
import org.einscale.trainer.task.RandomHierarchy;
import org.einscale.trainer.task.SparseParity;
import org.einscale.trainer.task.Task;
import org.einscale.trainer.task.ZipfLookup;

/**
 * Losses between those of one who knows nothing and one who knows all.
 *
 * @param models of one task
 */
public record KnownAnswer(List<TaskModel> models) {

    private Task task() {
        return models.getFirst().task();
    }

    private String law() {
        return switch (task()) {
            case ZipfLookup lookup -> "floor: entropy of an answer whose key is known; unlearned: (loss - floor) /"
                    + " (chance - floor), how often keys are asked that are not known";
            case SparseParity parity -> text(
                    "one who knows the m most frequent subtasks has the loss log 2 sum_(i > m) p_i:"
                            + " %s for m = 1, %s for m = %d",
                    Figures.of(parity.loss(1)),
                    Figures.of(parity.loss(parity.subtasks() / 2)), parity.subtasks() / 2);
            case RandomHierarchy rules -> text("%s different examples; a deep network needs about n_c m^L = %s of them",
                    Figures.count(rules.different()), Figures.count(rules.complexity()));
        };
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** What is asked, and what is known of the answers. */
    public String head() {
        return text("%s%nfloor %s, chance %s nats an answer%n%s%n%n", task().text(), Figures.of(task().floor()),
                Figures.of(task().chance()), law());
    }

    @Override
    public String toString() {
        Columns rows = new Columns(List.of("N", "examples", "loss", "above floor", "unlearned"), "trial");
        double floor = task().floor();
        for (TaskModel model : models) {
            double loss = model.run().valLoss();
            rows.add(List.of(Quantity.count(model.run().n()), Quantity.count(model.examples()), Figures.of(loss),
                    floor == 0 ? "" : text("%+.2f%%", 100 * (loss / floor - 1)),
                    text("%.5f", (loss - floor) / (task().chance() - floor))), model.run().trial());
        }
        return head() + rows;
    }
}
