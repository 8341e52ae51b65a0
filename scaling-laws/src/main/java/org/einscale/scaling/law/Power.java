package org.einscale.scaling.law;

/**
 * Loss against one measure of scale alone: {@code E + A x^-alpha} (Kaplan et al. 2020, equations 1.1 to 1.3, with E = 0; Henighan et al.
 * 2020 with E).
 */
public final class Power {

    private static final String SOURCE = "Kaplan et al. 2020; with E, Henighan et al. 2020";

    /** L(N), of size alone. */
    public static final Form N = Form.of("power", SOURCE, "E + A * n^-alpha");

    /** L(D), of training tokens alone. */
    public static final Form D = Form.of("power-d", SOURCE, "E + A * d^-alpha");

    /** L(C), of compute alone: the losses of runs that are the best of their compute. */
    public static final Form C = Form.of("power-c", SOURCE, "E + A * c^-alpha");

    private Power() {
    }
}
