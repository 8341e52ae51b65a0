package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The pointwise functions that are one or two instructions, so that memory decides their speed. */
final class Arithmetic {
    private static final FloatVector MINUS_ONE = FloatVector.broadcast(Lanes.SPECIES, -1);

    private Arithmetic() {
    }

    static void negate(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(source, i)).neg());
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(source, i), mask).neg(), mask);
        }
    }

    static void abs(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(source, i)).abs());
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(source, i), mask).abs(), mask);
        }
    }

    static void sign(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), sign(load(at(source, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), sign(load(at(source, i), mask)), mask);
        }
    }

    static void square(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), square(load(at(source, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), square(load(at(source, i), mask)), mask);
        }
    }

    static void sqrt(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(source, i)).sqrt());
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(source, i), mask).sqrt(), mask);
        }
    }

    static void reciprocal(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), Lanes.ONE.div(load(at(source, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), Lanes.ONE.div(load(at(source, i), mask)), mask);
        }
    }

    static void reciprocalSqrt(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), Lanes.ONE.div(load(at(source, i)).sqrt()));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), Lanes.ONE.div(load(at(source, i), mask).sqrt()), mask);
        }
    }

    static void relu(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(source, i)).max(Lanes.ZERO));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(source, i), mask).max(Lanes.ZERO), mask);
        }
    }

    static void heaviside(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), heaviside(load(at(source, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), heaviside(load(at(source, i), mask)), mask);
        }
    }

    private static FloatVector square(FloatVector x) {
        return x.mul(x);
    }

    /** -1, x itself where it is a zero or NaN, or 1. */
    private static FloatVector sign(FloatVector x) {
        return x.blend(Lanes.ONE, x.compare(VectorOperators.GT, Lanes.ZERO)).blend(MINUS_ONE,
                x.compare(VectorOperators.LT, Lanes.ZERO));
    }

    private static FloatVector heaviside(FloatVector x) {
        return Lanes.ZERO.blend(Lanes.ONE, x.compare(VectorOperators.GT, Lanes.ZERO));
    }
}
