package org.einscale.tensor.kernel.vector;

import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.profile.Flags;

/** The fastest kernels that this JVM can run. */
public final class FastKernels {
    private static final Kernels FLOAT = find();

    private FastKernels() {
    }

    /** The fastest kernels there are for a precision: with vectors for float32, if the JVM was started with them. */
    public static Kernels of(Precision precision) {
        return precision == Precision.FLOAT ? FLOAT : ScalarKernels.of(precision);
    }

    private static Kernels find() {
        Flags.report();
        return Flags.VECTORS ? VectorKernels.FLOAT : ScalarKernels.of(Precision.FLOAT);
    }
}
