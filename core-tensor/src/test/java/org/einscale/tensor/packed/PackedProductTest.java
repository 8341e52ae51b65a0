package org.einscale.tensor.packed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.packed.tile.Tile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedProductTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final PackingSpace SPACE = new PackingSpace();
    private static final Blocking BLOCKING = Blocking.of(Machine.typical());
    private static final TensorArena ARENA = TensorArena.allocate(64 << 20);
    private static final int[] SIZES = {0, 1, 2, 3, 5, 6, 7, 12, 13, 16, 24, 31, 33, 47};
    private static final int RUNS = 20;
    private static final int LONGEST_WARM_UP = 3000;

    @AfterAll
    static void free() {
        ARENA.close();
    }

    @Test
    void agreesWithTheLoopsInAllSmallSizesAndTransposes() {
        for (int flags = 0; flags < 8; flags++) {
            for (int m : SIZES) {
                for (int n : SIZES) {
                    for (int k : new int[]{0, 1, 4, 17, 35}) {
                        matrices(flags, m, n, k).check(flags % 2 == 0);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"200, 70, 80", "193, 33, 321", "385, 9, 700", "5, 2100, 24", "24, 1040, 40", "40, 40, 1300",
        "1, 3000, 7",
        "3000, 1, 7", "193, 1025, 513"})
    void agreesOverSeveralBlocks(int m, int n, int k) {
        for (int flags = 0; flags < 8; flags++) {
            matrices(flags, m, n, k).check(flags % 2 == 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 12, 32", "32, 24, 64", "256, 96, 1024", "384, 192, 128"})
    void agreesInBlocksOfAnySize(int depth, int rows, int columns) {
        for (int flags = 0; flags < 8; flags++) {
            matrices(flags, 61, 150, 420).check(flags % 2 == 1, new Blocking(depth, rows, columns));
        }
    }

    @Test
    void agreesOnGroupsOfAxesInAnyOrderOfMemory() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int[] rows = sizes(random, 4);
            int[] columns = sizes(random, seed % 3 == 0 ? 12 : 6);
            int[] sums = sizes(random, seed % 5 == 0 ? 10 : 4);
            tensors(random, rows, columns, sums).check(random.nextBoolean());
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 40, 40, 16", "7, 33, 70, 9", "100, 5, 96, 40", "3, 1, 33, 1", "20, 20, 64, 11"})
    void agreesWhereSumsAreContiguousAlongDifferentAxes(int m, int n, int k, int l) {
        // C[i, j] = sum over k, l of A[l, i, k] B[j, k, l]
        Offsets rows = Offsets.of(new int[]{m}, new long[]{k}, new long[]{n});
        Offsets columns = Offsets.of(new int[]{n}, new long[]{(long) k * l}, new long[]{1});
        int[] sizes = {k, l};
        new Product(rows, columns, Offsets.sums(sizes, new long[]{1, (long) m * k}, new long[]{l, 1})).check(false);
        new Product(rows, columns, Offsets.sums(sizes, new long[]{1, (long) m * k}, new long[]{l, 1})).check(true);
    }

    @Test
    void agreesWherePanelsAreShiftsOfOneAnother() {
        int columns = Tile.COLUMNS;
        for (int shifts : new int[]{2, 16, 19, 40}) {
            for (int extra : new int[]{columns, columns + 3}) {
                // C[i, s, e] = sum over l of A[i, l] B[e, l, s]
                int m = 13;
                int k = 10;
                Offsets b = Offsets.of(new int[]{shifts, extra}, new long[]{1, (long) k * shifts},
                        new long[]{extra, 1});
                new Product(Offsets.of(new int[]{m}, new long[]{k}, new long[]{(long) shifts * extra}), b,
                        Offsets.of(new int[]{k}, new long[]{1}, new long[]{shifts})).check(false);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "16, 32, 1", "16, 64, 2", "19, 70, 2", "40, 5, 3", "1, 40, 2", "33, 33, 1", "0, 4, 1"})
    void agreesWithColumnsInBlocks(int line, int tile, int outer) {
        // C[t, i, s, o] = sum over l of A[i, l] B[o, t, l, s], t contiguous in C by its strides
        int m = 13;
        int k = 10;
        int[] sizes = {outer, line, tile};
        long[] inB = {(long) tile * k * line, 1, (long) k * line};
        long[] inC = {(long) m * line * tile, tile, 1};
        Offsets columns = Offsets.columns(sizes, inB, inC);
        Offsets plain = Offsets.of(sizes, inB, inC);
        assertThat(sortedPairs(columns)).isEqualTo(sortedPairs(plain));
        new Product(line(m, k, (long) line * tile), columns, line(k, 1, line)).check(false);
    }

    private static long[] sortedPairs(Offsets offsets) {
        return IntStream.range(0, offsets.count())
                .mapToLong(i -> ((long) offsets.first()[i] << 32) + offsets.second()[i])
                .sorted().toArray();
    }

    @Test
    void isTheSameToTheBitOnEveryRun() {
        Product product = matrices(0, 200, 70, 700);
        int[] first = product.run(false);
        for (int i = 0; i < 50; i++) {
            assertThat(product.run(false)).isEqualTo(first);
        }
    }

    @Test
    void addsInTheSameOrderWhateverTheTile() {
        Product wide = matrices(0, 40, 70, 100);
        float[] whole = floats(wide.run(false));
        float[] corner = floats(new Product(head(wide.rows(), 3), head(wide.columns(), 5), wide.sums()).run(false));
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                int at = wide.rows().second()[i] + wide.columns().second()[j];
                assertThat(corner[at]).isEqualTo(whole[at]);
            }
        }
    }

    @Test
    void allocatesNothingOnceWarm() {
        for (Product product : new Product[]{matrices(0, 31, 70, 40), matrices(7, 14, 33, 19), matrices(3, 5, 9, 7)}) {
            long bytes = Long.MAX_VALUE;
            for (int batch = 0; batch < LONGEST_WARM_UP && bytes > 0; batch++) {
                bytes = product.allocated();
            }
            assertThat(bytes).as("bytes allocated in %d runs after warming up", RUNS).isZero();
        }
    }

    @Test
    void runsInSeveralThreadsOnSpacesOfTheirOwn() throws InterruptedException {
        long a = ARENA.address();
        long b = a + (4 << 20);
        fill(a, 2 << 20, false);
        Offsets rows = Offsets.of(new int[]{150}, new long[]{200}, new long[]{170});
        Offsets columns = Offsets.of(new int[]{170}, new long[]{1}, new long[]{1});
        PackedProduct product = PackedProduct.of(rows, columns,
                Offsets.of(new int[]{200}, new long[]{1}, new long[]{170}),
                BLOCKING);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            long c = b + (4L + t << 20);
            threads[t] = new Thread(() -> {
                PackingSpace space = new PackingSpace();
                for (int i = 0; i < 20; i++) {
                    product.run(space, a, b, false, c);
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int t = 1; t < threads.length; t++) {
            assertThat(read(b + (4L + t << 20), 150 * 170)).isEqualTo(read(b + (4L << 20), 150 * 170));
        }
    }

    /** A product on memory of its own: A, B and C at the start of three parts of the arena. */
    private record Product(Offsets rows, Offsets columns, Offsets sums) {
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

        private int extent() {
            return 1 + Arrays.stream(rows.second()).max().orElse(0) + Arrays.stream(columns.second()).max().orElse(0);
        }

        private int[] run(boolean accumulate) {
            return run(accumulate, false, BLOCKING);
        }

        private int[] run(boolean accumulate, boolean whole, Blocking blocking) {
            fill(a(), 1 + Arrays.stream(rows.first()).max().orElse(0) + Arrays.stream(sums.first()).max().orElse(0),
                    whole);
            fill(b(),
                    1 + Arrays.stream(columns.first()).max().orElse(0) + Arrays.stream(sums.second()).max().orElse(0),
                    whole);
            fill(c(), extent() + 64, whole);
            PackedProduct.of(rows, columns, sums, blocking).run(SPACE, a(), b(), accumulate, c());
            return read(c(), extent() + 64);
        }

        /** Compares all of C's memory, so also what the product must leave alone. Sums of whole numbers are exact. */
        private void check(boolean accumulate) {
            check(accumulate, BLOCKING);
        }

        private void check(boolean accumulate, Blocking blocking) {
            float[] actual = floats(run(accumulate, true, blocking));
            fill(c(), extent() + 64, true);
            PlainProduct.run(Precision.FLOAT, rows, columns, sums, a(), b(), accumulate, c());
            float[] expected = floats(read(c(), extent() + 64));
            for (int i = 0; i < expected.length; i++) {
                if (actual[i] != expected[i]) {
                    assertThat(actual[i]).as("m %d n %d k %d at %d", rows.count(), columns.count(), sums.count(), i)
                            .isEqualTo(expected[i]);
                }
            }
        }

        private long allocated() {
            PackedProduct product = PackedProduct.of(rows, columns, sums, BLOCKING);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RUNS; i++) {
                product.run(SPACE, a(), b(), true, c());
            }
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    /** A product of matrices, each stored transposed if its bit is set. */
    private static Product matrices(int flags, int m, int n, int k) {
        int padding = 3;
        boolean ta = (flags & 1) != 0;
        boolean tb = (flags & 2) != 0;
        boolean tc = (flags & 4) != 0;
        return new Product(line(m, ta ? 1 : k + padding, tc ? 1 : n + padding),
                line(n, tb ? k + padding : 1, tc ? m + padding : 1),
                line(k, ta ? m + padding : 1, tb ? 1 : n + padding));
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

    /** A product of dense tensors whose axes lie in memory in a random order. */
    private static Product tensors(Random random, int[] rows, int[] columns, int[] sums) {
        long[][] a = strides(random, rows, sums);
        long[][] b = strides(random, sums, columns);
        long[][] c = strides(random, rows, columns);
        return new Product(Offsets.of(rows, a[0], c[0]), Offsets.columns(columns, b[1], c[1]),
                Offsets.of(sums, a[1], b[0]));
    }

    private static long[][] strides(Random random, int[] one, int[] other) {
        int axes = one.length + other.length;
        int[] order = random.ints(0, Math.max(1, axes)).distinct().limit(axes).toArray();
        long[][] strides = {new long[one.length], new long[other.length]};
        long stride = 1 + random.nextInt(10) / 9;
        for (int axis : order) {
            boolean isOne = axis < one.length;
            strides[isOne ? 0 : 1][isOne ? axis : axis - one.length] = stride;
            stride *= isOne ? one[axis] : other[axis - one.length];
        }
        return strides;
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
