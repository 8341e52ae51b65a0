package org.einscale.tensor.kernel;

import org.einscale.tensor.profile.Flags;

/** Which float32 kernels this JVM can run. */
final class Fastest {
    static final Kernels FLOAT = find();

    private Fastest() {
    }

    private static Kernels find() {
        Flags.report();
        return Flags.VECTORS ? VectorKernels.FLOAT : ScalarKernels.FLOAT;
    }
}
