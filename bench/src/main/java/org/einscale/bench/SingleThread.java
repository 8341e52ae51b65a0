package org.einscale.bench;

import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Keeps ND4J and OpenBLAS, which would take every core, to one. */
public final class SingleThread {
    private SingleThread() {
    }

    /** Limits the whole process. */
    public static void limit() {
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
        // ND4J gives OpenBLAS every core when it starts.
        openblas.blas_set_num_threads(1);
    }
}
