package org.einscale.experiments.config;

import com.typesafe.config.Config;
import java.util.List;

/**
 * An experiment as read from its file: everything that decides its result.
 *
 * @param name the file's name without its ending
 * @param resolved every setting that a training reads, with defaults, overrides and substitutions in place
 * @param overrides what the command line set, each as {@code path=value}
 * @param settings the same as resolved, typed and checked
 * @param ladder one rung for each of {@code sweep.sizes}, in that order
 */
public record Experiment(String name, Config resolved, List<String> overrides, Settings settings,
        List<Rung> ladder) {
    /** The name of the trial of a training. */
    public static final String MODEL = "model";

    /** The model as it is, without what a sweep varies. */
    public Rung alone() {
        return new Rung(MODEL, resolved, settings);
    }
}
