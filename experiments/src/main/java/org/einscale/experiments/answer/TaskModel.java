package org.einscale.experiments.answer;

import java.nio.file.Path;
import org.einscale.experiments.UserError;
import org.einscale.scaling.table.Run;
import org.einscale.trainer.Learned;
import org.einscale.trainer.SavedModel;
import org.einscale.trainer.task.Task;

/**
 * A model that has learned a task.
 *
 * @param run its row of the table
 * @param folder of its trial
 * @param seed of what the task asks for
 */
public record TaskModel(Run run, Path folder, Task task, long seed) {

    /** @throws UserError if the model has learned something else */
    public static TaskModel of(Run run, Path folder) {
        return switch (SavedModel.read(folder).learned()) {
            case Learned.OfTask learned -> new TaskModel(run, folder, learned.task(), learned.seed());
            case Learned.Text _ -> throw new UserError(
                    folder + ": the model has learned a text, whose answers nobody knows; expected a run on data.task");
        };
    }

    /** Examples that it has seen. */
    double examples() {
        return (double) run.tokens() / task.length();
    }
}
