package org.einscale.scaling.law;

/** Loss against size and training tokens, {@code E + A N^-alpha + B D^-beta} (Hoffmann et al. 2022, equation 2). */
public final class Chinchilla {

    /** L(N, D). */
    public static final Form FORM = Form.of("chinchilla", "Hoffmann et al. 2022, equation 2",
            "E + A * n^-alpha + B * d^-beta");

    private Chinchilla() {
    }
}
