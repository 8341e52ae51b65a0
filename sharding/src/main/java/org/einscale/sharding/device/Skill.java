package org.einscale.sharding.device;

import java.nio.file.Path;
import java.util.function.Consumer;

/** What a node can do by itself for those who hire it. */
@FunctionalInterface
public interface Skill {

    /** Does jobs, several at the same time, each on a thread of its own. */
    @FunctionalInterface
    interface Worker {
        /**
         * Does a job.
         *
         * @param folder
         *            empty; the files that are left in it go to who ordered the job
         * @param tell
         *            gets how it goes
         * @return what came of it
         */
        String work(String order, Path folder, Consumer<String> tell) throws InterruptedException;
    }

    /**
     * Gets ready for jobs.
     *
     * @param recipe
     *            what they have in common
     * @param material
     *            a file that they need
     * @throws RuntimeException
     *             with one line for a person, if this version of the program cannot do them
     */
    Worker ready(String recipe, Path material);
}
