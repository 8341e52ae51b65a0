package org.einscale.tensor.kernel;

/** The pointwise functions of two arguments. {@link #apply} is their definition. Comparisons give 1 or 0. */
public enum Binary {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM,
    /** left right, but 0 where either is 0, whatever the other is: what a slope of 0 leaves of an infinite one. */
    WEIGH,
    /** left to the power right, as {@link Math#pow}. */
    POWER,
    /** The derivative of {@link #POWER} by its base, left: 0 wherever the exponent is 0. */
    POWER_BY_BASE,
    /** The derivative of {@link #POWER} by its exponent, right: 0 at base 0 with an exponent of 0 or more. */
    POWER_BY_EXPONENT, GREATER, GREATER_EQUAL, EQUAL;

    /** The function's value, in double. */
    public double apply(double left, double right) {
        return switch (this) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MAXIMUM -> Math.max(left, right);
            case MINIMUM -> Math.min(left, right);
            case WEIGH -> left == 0 || right == 0 ? 0 : left * right;
            case POWER -> Math.pow(left, right);
            case POWER_BY_BASE -> powerByBase(left, right);
            case POWER_BY_EXPONENT -> powerByExponent(left, right);
            case GREATER -> left > right ? 1 : 0;
            case GREATER_EQUAL -> left >= right ? 1 : 0;
            case EQUAL -> left == right ? 1 : 0;
        };
    }

    /** p x^(p - 1), where 0 times infinity is 0, and a power beyond the largest number may still have a derivative within. */
    private static double powerByBase(double x, double p) {
        double power = Math.pow(x, p - 1);
        if (p == 0 || power == 0) {
            return 0;
        }
        return Double.isInfinite(power) && x != 0 && Double.isFinite(x) ? p * Math.pow(x, p) / x : p * power;
    }

    /** x^p log x, where 0 times infinity is 0; what is 0 for all exponents above 0 counts as constant from 0 on. */
    private static double powerByExponent(double x, double p) {
        double power = Math.pow(x, p);
        double log = Math.log(x);
        return power == 0 || log == 0 || x == 0 && p == 0 ? 0 : power * log;
    }
}
