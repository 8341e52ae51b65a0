package org.einscale.scaling.law;

/**
 * Loss where the D training tokens are U unique ones, repeated (Muennighoff et al. 2023, section 3 and appendix A). Tokens seen again
 * count for less, and so do parameters beyond those that suit U: {@code D' = U (1 + R* (1 - exp(-R / R*)))} with R = D / U - 1, and the
 * same of N with the size that would be compute-optimal for U.
 */
public final class Repeated {

    private static final String TOKENS = "unique = min(d, u); "
            + "d_eff = unique * (1 + R_D * (1 - exp(-(d / unique - 1) / R_D))); ";

    /** L(N, D, U). */
    public static final Form FORM = Form.of("data-constrained", "Muennighoff et al. 2023, appendix A",
            TOKENS + "G = (alpha * A / (beta * B))^(1 / (alpha + beta)); "
                    + "suited = min(n, G * (G * unique)^(beta / alpha)); "
                    + "n_eff = suited * (1 + R_N * (1 - exp(-(n / suited - 1) / R_N))); "
                    + "E + A * n_eff^-alpha + B * d_eff^-beta")
            .from(TOKENS + "E + A * n^-alpha + B * d_eff^-beta").searching("R_D", 1.0, 4.0, 16.0, 64.0)
            .searching("R_N", 5.0, 40.0);

    private Repeated() {
    }
}
