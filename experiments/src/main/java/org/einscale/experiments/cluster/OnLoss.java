package org.einscale.experiments.cluster;

/** What a training does when it loses a node. */
public enum OnLoss {
    /** It goes on from its last checkpoint with the same devices on fewer nodes. */
    SHRINK,
    /** It waits until there are as many cores as before, then goes on from its last checkpoint. */
    WAIT,
    /** It ends; the same command goes on from the last checkpoint. */
    STOP
}
