package org.einscale.scaling.law;

/**
 * Loss of a model of N weights that are not 0, a share S of its weights being 0 (Frantar et al. 2023, equation 1, with a_D^b_D written B):
 * {@code (A (1 - S)^gamma + F) N^-alpha + B D^-beta + E}.
 */
public final class Sparse {

    /** L(N, S, D). */
    public static final Form FORM = Form.of("sparsity", "Frantar et al. 2023, equation 1",
            "E + A * (1 - s)^gamma * n^-alpha + F * n^-alpha + B * d^-beta")
            .searching("gamma", 0.2, 0.5, 1.0, 2.0);

    private Sparse() {
    }
}
