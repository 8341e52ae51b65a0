package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The pointwise functions of two arguments. */
final class Pairs {
    private Pairs() {
    }

    static void add(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(left, i)).add(load(at(right, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(left, i), mask).add(load(at(right, i), mask)), mask);
        }
    }

    static void subtract(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(left, i)).sub(load(at(right, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(left, i), mask).sub(load(at(right, i), mask)), mask);
        }
    }

    static void multiply(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(left, i)).mul(load(at(right, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(left, i), mask).mul(load(at(right, i), mask)), mask);
        }
    }

    static void divide(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(left, i)).div(load(at(right, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(left, i), mask).div(load(at(right, i), mask)), mask);
        }
    }

    static void maximum(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(left, i)).max(load(at(right, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(left, i), mask).max(load(at(right, i), mask)), mask);
        }
    }

    static void minimum(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(left, i)).min(load(at(right, i))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(left, i), mask).min(load(at(right, i), mask)), mask);
        }
    }

    static void greater(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), one(load(at(left, i)).compare(VectorOperators.GT, load(at(right, i)))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i),
                    one(load(at(left, i), mask).compare(VectorOperators.GT, load(at(right, i), mask))), mask);
        }
    }

    static void greaterEqual(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), one(load(at(left, i)).compare(VectorOperators.GE, load(at(right, i)))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i),
                    one(load(at(left, i), mask).compare(VectorOperators.GE, load(at(right, i), mask))), mask);
        }
    }

    static void equal(long destination, long left, long right, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), one(load(at(left, i)).compare(VectorOperators.EQ, load(at(right, i)))));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i),
                    one(load(at(left, i), mask).compare(VectorOperators.EQ, load(at(right, i), mask))), mask);
        }
    }

    private static FloatVector one(VectorMask<Float> where) {
        return Lanes.ZERO.blend(Lanes.ONE, where);
    }
}
