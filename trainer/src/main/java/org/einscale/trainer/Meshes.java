package org.einscale.trainer;

import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.device.LocalMesh;

/** Where a training gets its devices from. */
public interface Meshes {
    /** Threads of this process. */
    Meshes LOCAL = step -> new LocalMesh(step.pipeline(), step.spec().precision(), step.spec().machine());

    /**
     * Devices for a step.
     *
     * @throws NodeLost
     *             if they cannot be had
     */
    DeviceMesh open(PlannedStep step);

    /** Whether a training that lost devices is to go on with others from its last checkpoint. */
    default boolean goesOnAfter(NodeLost lost) {
        return false;
    }

    /** Whether devices would be placed otherwise than when they were last opened. */
    default boolean changed() {
        return false;
    }
}
