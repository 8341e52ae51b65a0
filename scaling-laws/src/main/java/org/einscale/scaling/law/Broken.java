package org.einscale.scaling.law;

/**
 * A power law whose exponent changes smoothly from c_0 to c_0 + c_1 around a break x = b, the more suddenly the smaller f (Caballero et
 * al. 2022, equation 1, with one break).
 */
public final class Broken {

    private static final String SOURCE = "Caballero et al. 2022, equation 1, one break";

    /** L(N), of size alone. */
    public static final Form N = along("broken", "n");

    /** L(D), of training tokens alone. */
    public static final Form D = along("broken-d", "d");

    /** L(C), of compute alone. */
    public static final Form C = along("broken-c", "c");

    private Broken() {
    }

    private static Form along(String name, String x) {
        return Form.of(name, SOURCE,
                "E + A * x^-c_0 * (1 + (x / b)^(1 / f))^(-signed(c_1) * f)".replaceAll("\\bx\\b", x))
                .searching("c_1", -0.3, -0.1, 0.1, 0.3, 0.8).searching("f", 0.1, 0.3, 1.0);
    }
}
