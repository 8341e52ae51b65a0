package org.einscale.einsum.plan.tape;

/** A step at which a run of a device's part of a program needs the other devices. */
public sealed interface Stop extends Step permits Meeting, Arrival {

    /** What it is about. */
    Meeting meeting();
}
