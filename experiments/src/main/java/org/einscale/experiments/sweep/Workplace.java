package org.einscale.experiments.sweep;

import java.util.Map;
import java.util.function.Function;
import org.einscale.scaling.sweep.Workers;
import org.einscale.trainer.Meshes;
import org.einscale.trainer.PreparedTraining;

/** Where the trials of a run are trained. */
@FunctionalInterface
public interface Workplace {
    /** In this process. */
    Workplace HERE = here(_ -> Meshes.LOCAL);

    /** In this process, with devices that come from elsewhere. */
    static Workplace here(Function<PreparedTraining, Meshes> meshes) {
        return trainings -> Workers.here(new TrialTraining(trainings, meshes));
    }

    /** Who trains them. */
    Workers workers(Map<String, PreparedTraining> trainings);
}
