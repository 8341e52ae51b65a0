package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.random.Philox;

/** Float arrays in one arena, for tests of kernels. */
final class Floats implements AutoCloseable {
    private static final float GUARD = 12345;
    private final TensorArena arena = TensorArena.allocate(1 << 24);
    private long used = arena.address();

    /** An array of normal numbers, with a guard element behind it. */
    long normal(int n, String name) {
        Philox random = Philox.of(1, name);
        long address = space(n);
        for (int i = 0; i < n; i++) {
            Raw.putFloat(address + 4L * i, (float) random.normal(i));
        }
        return address;
    }

    /** Numbers near another, so that products of many stay representable. */
    long near(double centre, int n, String name) {
        long address = normal(n, name);
        for (int i = 0; i < n; i++) {
            Raw.putFloat(address + 4L * i, (float) (centre + 0.1 * Raw.getFloat(address + 4L * i)));
        }
        return address;
    }

    /** Indices below a limit, stored as floats. */
    long indices(int n, int limit) {
        long address = space(n);
        for (int i = 0; i < n; i++) {
            Raw.putFloat(address + 4L * i, (float) Math.floor(Philox.of(2, "index").uniform(i) * limit));
        }
        return address;
    }

    long of(float... values) {
        long address = space(values.length);
        for (int i = 0; i < values.length; i++) {
            Raw.putFloat(address + 4L * i, values[i]);
        }
        return address;
    }

    long space(int n) {
        long address = used;
        used += 4L * (n + 1);
        assertThat(used).isLessThanOrEqualTo(arena.address() + arena.bytes());
        Raw.putFloat(used - 4, GUARD);
        return address;
    }

    static float[] read(long address, int n) {
        assertThat(Raw.getFloat(address + 4L * n)).as("element behind the array").isEqualTo(GUARD);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Raw.getFloat(address + 4L * i);
        }
        return values;
    }

    /** Asserts equality within a tolerance relative to 1 + |expected|; NaN equals NaN, infinities must match. */
    static void assertClose(float[] actual, float[] expected, double tolerance, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            boolean same = Float.compare(actual[i], expected[i]) == 0 || actual[i] == expected[i]
                    || Math.abs((double) actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i]));
            assertThat(same).as("%s at %d: %s, expected %s", what, i, actual[i], expected[i]).isTrue();
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
