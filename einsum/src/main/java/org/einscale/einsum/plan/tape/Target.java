package org.einscale.einsum.plan.tape;

import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.einscale.tensor.profile.Profile;

/**
 * What steps are written for.
 *
 * @param copies
 *            whether products may copy operands and result into layouts that are faster
 * @param most
 *            rows, or elements of a row, that steps ask kernels for at once; of more they make several calls
 */
public record Target(Precision precision, Profile machine, boolean copies, int most) {
    /** As many as steps ask kernels for at once, unless told: kernels count in ints. */
    public static final int MOST = 1 << 28;

    public Target(Precision precision, Profile machine, boolean copies) {
        this(precision, machine, copies, MOST);
    }

    public Kernels kernels() {
        return FastKernels.of(precision);
    }
}
