package org.einscale.tensor.kernel;

import java.util.Locale;

/** The pointwise functions of one argument. {@link #apply} is their definition; kernels approximate it. */
public enum Unary {
    NEGATE, ABS, SIGN, SQUARE, SQRT, RECIPROCAL,
    /** 1 / sqrt(x), in texts {@code rsqrt}. */
    RECIPROCAL_SQRT, EXP, LOG, TANH,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): the tanh form of Hendrycks and Gimpel 2016, as in GPT-2. */
    GELU,
    /** The exact derivative of {@link #GELU} as defined here. */
    GELU_DERIVATIVE,
    /** x sigmoid(x). */
    SILU,
    /** The derivative of {@link #SILU}. */
    SILU_DERIVATIVE, RELU,
    /** 1 where x is positive, else 0: the derivative of {@link #RELU}. */
    HEAVISIDE, SIN, COS;

    /** The factors of the argument of tanh in {@link #GELU}. */
    public static final double GELU_SCALE = Math.sqrt(2 / Math.PI);
    public static final double GELU_CUBIC = 0.044715;
    /** Beyond it, the derivatives of {@link #GELU} and {@link #SILU} are 0 or 1 in double, and their factors may be infinite. */
    private static final double FAR = 800;

    /** The function's value, in double. */
    public double apply(double x) {
        return switch (this) {
            case NEGATE -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SQUARE -> x * x;
            case SQRT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case RECIPROCAL_SQRT -> 1 / Math.sqrt(x);
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> sigmoid(x);
            case GELU -> 0.5 * Math.max(x, -Double.MAX_VALUE) * (1 + Math.tanh(geluArgument(x)));
            case GELU_DERIVATIVE -> geluDerivative(Math.clamp(x, -FAR, FAR));
            case SILU -> Math.max(x, -Double.MAX_VALUE) * sigmoid(x);
            case SILU_DERIVATIVE -> siluDerivative(Math.clamp(x, -FAR, FAR));
            case RELU -> Math.max(x, 0);
            case HEAVISIDE -> x > 0 ? 1 : 0;
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
        };
    }

    /** The name in layer texts, such as {@code gelu_derivative} or {@code rsqrt}. */
    public String text() {
        return this == RECIPROCAL_SQRT ? "rsqrt" : name().toLowerCase(Locale.ROOT);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double siluDerivative(double x) {
        return sigmoid(x) * (1 + x * sigmoid(-x));
    }

    private static double geluArgument(double x) {
        return GELU_SCALE * x * (1 + GELU_CUBIC * x * x);
    }

    private static double geluDerivative(double x) {
        double t = Math.tanh(geluArgument(x));
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBIC * x * x);
    }
}
