package org.einscale.scaling.law;

/**
 * Loss of a model trained with weights of P bits: {@code E + A N_eff^-alpha + B D^-beta} with {@code N_eff = N (1 - exp(-P / gamma))}
 * (Kumar et al. 2024, section 4.3, for one of its three precisions).
 */
public final class LowPrecision {

    /** L(N, P, D). */
    public static final Form FORM = Form.of("precision", "Kumar et al. 2024, section 4.3",
            "E + A * (n * (1 - exp(-p / gamma)))^-alpha + B * d^-beta")
            .searching("gamma", 0.7, 1.5, 3.0, 6.0);

    private LowPrecision() {
    }
}
