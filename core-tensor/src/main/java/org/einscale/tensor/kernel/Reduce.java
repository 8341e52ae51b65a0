package org.einscale.tensor.kernel;

/** How many numbers become one: a function of two applied from one to the next, starting from its neutral element. */
public enum Reduce {
    SUM(Binary.ADD, 0), PRODUCT(Binary.MULTIPLY, 1), MAXIMUM(Binary.MAXIMUM, Double.NEGATIVE_INFINITY), MINIMUM(
            Binary.MINIMUM, Double.POSITIVE_INFINITY);

    private final Binary function;
    private final double neutral;

    Reduce(Binary function, double neutral) {
        this.function = function;
        this.neutral = neutral;
    }

    /** The function of two numbers, associative and commutative but for rounding. */
    public Binary function() {
        return function;
    }

    /** What no numbers at all become. */
    public double neutral() {
        return neutral;
    }
}
