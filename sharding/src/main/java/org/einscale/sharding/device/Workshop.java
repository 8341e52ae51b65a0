package org.einscale.sharding.device;

import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.profile.Profile;

/** Makes, on every process alike, what devices run from the text that one of them was given. */
@FunctionalInterface
public interface Workshop {

    /**
     * What devices run.
     *
     * @param machine
     *            what decides between ways to compute the same
     */
    record Work(Pipeline pipeline, Precision precision, Profile machine) {}

    /**
     * The same for the same text.
     *
     * @throws RuntimeException
     *             with one line for a person, if the text makes no sense to this version of the program
     */
    Work make(String recipe);
}
