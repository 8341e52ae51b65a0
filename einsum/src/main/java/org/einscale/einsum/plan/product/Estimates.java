package org.einscale.einsum.plan.product;

import org.einscale.tensor.blas.GemmEstimate;
import org.einscale.tensor.dot.DotEstimate;
import org.einscale.tensor.packed.PackedEstimate;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** About how long the products take on a machine. Times only have to rank the ways to compute a {@link Pair}. */
public record Estimates(Profile profile, GemmEstimate gemm, DotEstimate dots, PackedEstimate packed) {

    static Estimates of(Profile profile) {
        return new Estimates(profile, new GemmEstimate(profile), new DotEstimate(profile),
                new PackedEstimate(profile));
    }

    Rates rates() {
        return profile.rates();
    }
}
