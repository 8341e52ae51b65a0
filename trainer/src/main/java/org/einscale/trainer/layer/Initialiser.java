package org.einscale.trainer.layer;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.random.Philox;

/** What a parameter holds before training. */
public sealed interface Initialiser {

    /** Independent draws from a normal distribution with mean 0. */
    record Normal(double std) implements Initialiser {
        /** @throws IllegalArgumentException if the standard deviation is negative or not finite */
        public Normal {
            if (!(std >= 0) || std == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("standard deviation " + std + ": expected 0 or more");
            }
        }
    }

    /** The same number everywhere. */
    record Constant(double value) implements Initialiser {}

    /** 0 everywhere. */
    static Initialiser zeros() {
        return new Constant(0);
    }

    /** 1 everywhere. */
    static Initialiser ones() {
        return new Constant(1);
    }

    /** The same with every number multiplied by a factor. */
    default Initialiser times(double factor) {
        return switch (this) {
            case Normal(double std) -> new Normal(std * factor);
            case Constant(double value) -> new Constant(value * factor);
        };
    }

    /**
     * Writes the numbers. They depend on the seed, the name and an element's position only, so that a parameter starts
     * the same whatever surrounds it.
     *
     * @param precision format of the elements
     * @param address of the first of them, which lie side by side; modified
     * @param count how many there are
     * @param name the parameter's
     */
    default void fill(Precision precision, long address, long count, long seed, String name) {
        switch (this) {
            case Constant(double value) -> {
                for (long i = 0; i < count; i++) {
                    Raw.put(precision, address + i * precision.bytes(), value);
                }
            }
            case Normal(double std) -> {
                Philox random = Philox.of(seed, name);
                for (long i = 0; i < count; i++) {
                    Raw.put(precision, address + i * precision.bytes(), std * random.normal(i));
                }
            }
        }
    }
}
