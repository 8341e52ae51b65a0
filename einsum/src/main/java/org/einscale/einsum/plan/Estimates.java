package org.einscale.einsum.plan;

import org.einscale.tensor.blas.DotEstimate;
import org.einscale.tensor.blas.GemmEstimate;
import org.einscale.tensor.blas.StridedEstimate;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** About how long the products take on a machine. Times only have to rank the ways to compute a {@link Pair}. */
record Estimates(Profile profile, GemmEstimate gemm, DotEstimate dots, StridedEstimate strided) {

    static Estimates of(Profile profile) {
        return new Estimates(profile, new GemmEstimate(profile), new DotEstimate(profile),
                new StridedEstimate(profile));
    }

    Rates rates() {
        return profile.rates();
    }
}
