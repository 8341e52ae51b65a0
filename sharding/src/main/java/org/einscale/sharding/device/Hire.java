package org.einscale.sharding.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A node that does jobs for this process. Safe for use by many threads. */
public interface Hire extends AutoCloseable {

    /**
     * Has a job done, and gets what came of it.
     *
     * @param label
     *            what people call it
     * @param order
     *            what {@link Skill.Worker} is told
     * @param folder
     *            gets the files
     * @param told
     *            gets how it goes, on this thread
     * @throws org.einscale.sharding.NodeLost
     *             if the node cannot be reached any more
     * @throws IllegalStateException
     *             if the node cannot do it
     * @throws IOException
     *             if a file cannot be written
     */
    String run(String label, String order, Path folder, Consumer<String> told)
            throws IOException, InterruptedException;

    /** The node is free for others. */
    @Override
    void close();
}
