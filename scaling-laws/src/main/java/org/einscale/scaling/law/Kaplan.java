package org.einscale.scaling.law;

/**
 * Loss against size and training tokens without a floor, {@code ((N_c / N)^(alpha_N / alpha_D) + D_c / D)^alpha_D} (Kaplan et al. 2020,
 * equation 1.5).
 */
public final class Kaplan {

    /** L(N, D). */
    public static final Form FORM = Form.of("kaplan", "Kaplan et al. 2020, equation 1.5",
            "((N_c / n)^(alpha_N / alpha_D) + D_c / d)^alpha_D").searching("alpha_N", 0.04, 0.08, 0.15, 0.3, 0.6)
            .searching("alpha_D", 0.04, 0.08, 0.15, 0.3, 0.6);

    private Kaplan() {
    }
}
