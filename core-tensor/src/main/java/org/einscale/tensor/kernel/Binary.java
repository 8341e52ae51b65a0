package org.einscale.tensor.kernel;

/** The pointwise functions of two arguments. {@link #apply} is their definition. Comparisons give 1 or 0. */
public enum Binary {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM,
    /** left to the power right, as {@link Math#pow}. */
    POWER, GREATER, GREATER_EQUAL, EQUAL;

    /** The function's value, in double. */
    public double apply(double left, double right) {
        return switch (this) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MAXIMUM -> Math.max(left, right);
            case MINIMUM -> Math.min(left, right);
            case POWER -> Math.pow(left, right);
            case GREATER -> left > right ? 1 : 0;
            case GREATER_EQUAL -> left >= right ? 1 : 0;
            case EQUAL -> left == right ? 1 : 0;
        };
    }
}
