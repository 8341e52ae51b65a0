package org.einscale.tensor.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.packed.Offsets;
import org.einscale.tensor.packed.PackingSpace;
import org.einscale.tensor.packed.PlainProduct;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotProductsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final PackingSpace SPACE = new PackingSpace();
    private static final TensorArena ARENA = TensorArena.allocate(64 << 20);
    private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 20};
    private static final int[] LENGTHS = {0, 1, 3, 15, 16, 17, 33, 128, 130, 143};
    private static final int RUNS = 20;
    private static final int LONGEST_WARM_UP = 3000;

    @AfterAll
    static void free() {
        ARENA.close();
    }

    @Test
    void agreesWithTheLoopsInAllSmallSizes() {
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int groups : new int[]{0, 1, 3}) {
                    for (int length : LENGTHS) {
                        rows(m, n, groups, length).check((m + n) % 2 == 0);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"60, 60, 5, 500", "61, 59, 3, 503", "170, 7, 1, 2100", "7, 330, 2, 1030", "200, 200, 40, 33",
        "400, 300, 2, 40", "1, 1, 1, 5000", "3, 2, 300, 20", "40, 170, 9, 144"})
    void agreesOverSeveralBlocks(int m, int n, int groups, int length) {
        rows(m, n, groups, length).check(false);
        rows(m, n, groups, length).check(true);
    }

    @Test
    void agreesOnGroupsOfAxesInAnyOrderOfMemory() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int length = 1 + random.nextInt(seed % 2 == 0 ? 40 : 300);
            tensors(random, sizes(random, 4), sizes(random, 5), sizes(random, 4), length).check(random.nextBoolean());
        }
    }

    @Test
    void leavesInfinitiesToTheRowsThatHoldThem() {
        // Row 1 of A begins with an infinity, right behind the last element of row 0.
        Product product = rows(4, 5, 1, 131, 0);
        fill(Product.a(), 4 * 131, false);
        fill(Product.b(), 5 * 131, false);
        Raw.putFloat(Product.a() + 4 * 131, Float.POSITIVE_INFINITY);
        Raw.putFloat(Product.b() + 4 * 131, Float.NaN);
        product.gemm().run(SPACE, Product.a(), Product.b(), false, Product.c());
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 5; j++) {
                float c = Raw.getFloat(Product.c() + 4L * (i * 5 + j));
                assertThat(Float.isFinite(c)).as("C[%d, %d] = %s", i, j, c).isEqualTo(i != 1 && j != 1);
            }
        }
    }

    @Test
    void isTheSameToTheBitOnEveryRun() {
        Product product = rows(61, 70, 3, 203);
        int[] first = product.run(false);
        for (int i = 0; i < 50; i++) {
            assertThat(product.run(false)).isEqualTo(first);
        }
    }

    @Test
    void addsInTheSameOrderWhateverTheTile() {
        Product wide = rows(40, 70, 2, 150);
        float[] whole = floats(wide.run(false));
        float[] corner = floats(
                new Product(head(wide.rows(), 3), head(wide.columns(), 5), wide.sums(), wide.length()).run(false));
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                int at = wide.rows().second()[i] + wide.columns().second()[j];
                assertThat(corner[at]).isEqualTo(whole[at]);
            }
        }
    }

    @Test
    void allocatesNothingOnceWarm() {
        for (Product product : new Product[]{rows(31, 37, 2, 140), rows(13, 14, 3, 19), rows(6, 8, 1, 512)}) {
            long bytes = Long.MAX_VALUE;
            for (int batch = 0; batch < LONGEST_WARM_UP && bytes > 0; batch++) {
                bytes = product.allocated();
            }
            assertThat(bytes).as("bytes allocated in %d runs after warming up", RUNS).isZero();
        }
    }

    @Test
    void refusesANegativeLength() {
        Offsets one = Offsets.of(new int[0], new long[0], new long[0]);
        assertThatThrownBy(() -> DotProducts.of(one, one, one, -1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("contiguous axis of length -1: expected 0 or more");
    }

    /** A product on memory of its own: A, B and C at the start of three parts of the arena. */
    private record Product(Offsets rows, Offsets columns, Offsets sums, int length) {
        private static final long PART = 16 << 20;

        private static long a() {
            return ARENA.address();
        }

        private static long b() {
            return ARENA.address() + PART;
        }

        private static long c() {
            return ARENA.address() + 2 * PART;
        }

        private DotProducts gemm() {
            return DotProducts.of(rows, columns, sums, length);
        }

        private int extent() {
            return 65 + largest(rows.second()) + largest(columns.second());
        }

        private int[] run(boolean accumulate) {
            return run(accumulate, false);
        }

        private int[] run(boolean accumulate, boolean whole) {
            fill(a(), length + largest(rows.first()) + largest(sums.first()), whole);
            fill(b(), length + largest(columns.first()) + largest(sums.second()), whole);
            fill(c(), extent(), whole);
            gemm().run(SPACE, a(), b(), accumulate, c());
            return read(c(), extent());
        }

        /** Compares all of C's memory, so also what the product must leave alone. Sums of whole numbers are exact. */
        private void check(boolean accumulate) {
            float[] actual = floats(run(accumulate, true));
            fill(c(), extent(), true);
            PlainProduct.run(Precision.FLOAT, rows, columns, terms(), a(), b(), accumulate, c());
            float[] expected = floats(read(c(), extent()));
            for (int i = 0; i < expected.length; i++) {
                if (actual[i] != expected[i]) {
                    assertThat(actual[i])
                            .as("m %d n %d groups %d length %d at %d", rows.count(), columns.count(), sums.count(),
                                    length, i)
                            .isEqualTo(expected[i]);
                }
            }
        }

        /** All terms of a sum one by one. */
        private Offsets terms() {
            int[] first = new int[sums.count() * length];
            int[] second = new int[sums.count() * length];
            for (int i = 0; i < first.length; i++) {
                first[i] = sums.first()[i / length] + i % length;
                second[i] = sums.second()[i / length] + i % length;
            }
            return new Offsets(first, second);
        }

        private long allocated() {
            DotProducts product = gemm();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RUNS; i++) {
                product.run(SPACE, a(), b(), true, c());
            }
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    private static Product rows(int m, int n, int groups, int length) {
        return rows(m, n, groups, length, 3);
    }

    /** C[i, j] = sum over g and x of A[g, i, x] B[g, j, x], rows with a gap after them. */
    private static Product rows(int m, int n, int groups, int length, int gap) {
        long step = length + gap;
        return new Product(line(m, step, n + gap), line(n, step, 1), line(groups, m * step, n * step), length);
    }

    private static Offsets line(int size, long first, long second) {
        return Offsets.of(new int[]{size}, new long[]{first}, new long[]{second});
    }

    private static Offsets head(Offsets offsets, int count) {
        return new Offsets(Arrays.copyOf(offsets.first(), count), Arrays.copyOf(offsets.second(), count));
    }

    private static int[] sizes(Random random, int largest) {
        return random.ints(random.nextInt(4), 1, largest + 1).toArray();
    }

    /** A product of dense tensors whose axes, but for the contiguous one, lie in memory in a random order. */
    private static Product tensors(Random random, int[] rows, int[] columns, int[] sums, int length) {
        long[][] a = strides(random, rows, sums, length);
        long[][] b = strides(random, sums, columns, length);
        long[][] c = strides(random, rows, columns, 1);
        return new Product(Offsets.of(rows, a[0], c[0]), Offsets.of(columns, b[1], c[1]), Offsets.of(sums, a[1], b[0]),
                length);
    }

    private static long[][] strides(Random random, int[] one, int[] other, int innermost) {
        int axes = one.length + other.length;
        int[] order = random.ints(0, Math.max(1, axes)).distinct().limit(axes).toArray();
        long[][] strides = {new long[one.length], new long[other.length]};
        long stride = innermost + random.nextInt(10) / 9;
        for (int axis : order) {
            boolean isOne = axis < one.length;
            strides[isOne ? 0 : 1][isOne ? axis : axis - one.length] = stride;
            stride *= isOne ? one[axis] : other[axis - one.length];
        }
        return strides;
    }

    private static int largest(int[] offsets) {
        return Arrays.stream(offsets).max().orElse(0);
    }

    /** The same numbers between -1 and 1 at every call. */
    private static void fill(long address, int count, boolean whole) {
        for (int i = 0; i < count; i++) {
            double fraction = i * 0x9E3779B9 / 0x1p31;
            Raw.putFloat(address + 4L * i, (float) (whole ? Math.rint(8 * fraction) : fraction));
        }
    }

    /** The bits of floats. */
    private static int[] read(long address, int count) {
        int[] bits = new int[count];
        for (int i = 0; i < count; i++) {
            bits[i] = Float.floatToRawIntBits(Raw.getFloat(address + 4L * i));
        }
        return bits;
    }

    private static float[] floats(int[] bits) {
        float[] floats = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            floats[i] = Float.intBitsToFloat(bits[i]);
        }
        return floats;
    }
}
