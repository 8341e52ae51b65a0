package org.einscale.einsum.plan.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.MemoryLayout;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Reduce;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reductions of tensors that lie in every way against plain loops over their elements. */
class ReduceLoweringTest {
    private static final List<Reduction> KINDS = List.of(Reduction.SUM, Reduction.PROD, Reduction.MAX, Reduction.MIN);
    private static final int[] LENGTHS = {1, 2, 2, 3, 4, 5, 7, 16, 33};
    private static final int LARGEST = 30_000;

    /** A reduction with the places of operand and result, and what was written for it. */
    private record Case(Tape tape, Place operand, int[] kept, Place result) {

        static Case of(Precision precision, long[] sizes, long[] strides, int[] kept, long[] resultStrides) {
            return of(new Tape(new Target(precision, Profile.BITS_256, true)), sizes, strides, kept, resultStrides);
        }

        static Case of(Tape tape, long[] sizes, long[] strides, int[] kept, long[] resultStrides) {
            Place operand = new Place(tape.buffer(reach(sizes, strides)), 0, sizes, strides);
            long[] resultSizes = Arrays.stream(kept).mapToLong(k -> sizes[k]).toArray();
            Place result = new Place(tape.buffer(reach(resultSizes, resultStrides)), 0, resultSizes, resultStrides);
            return new Case(tape, operand, kept, result);
        }

        private static long reach(long[] sizes, long[] strides) {
            return 1 + IntStream.range(0, sizes.length).mapToLong(i -> Math.max(0, sizes[i] - 1) * strides[i]).sum();
        }

        List<String> lower(Reduction reduction) {
            new ReduceLowering(tape).reduce(reduction, operand, kept, result);
            return tape.everyRun().stream().map(entry -> entry.work().call()).toList();
        }

        /** Runs the steps in memory of their own and compares every element of the result. */
        void check(Reduction reduction, double tolerance) {
            List<String> steps = lower(reduction);
            Precision precision = tape.precision();
            tape.buffers().forEach(Buffer::keep);
            MemoryLayout layout = new MemoryLayout(tape.buffers(), precision);
            try (TensorArena arena = TensorArena.allocate(Math.max(64, layout.bytes()))) {
                long[] base = new long[layout.offsets().length];
                tape.buffers().forEach(b -> base[b.number()] = arena.address() + layout.offsets()[b.number()]);
                long from = base[operand.buffer().number()];
                Random random = new Random(1);
                for (long i = 0; i < operand.buffer().elements(); i++) {
                    Raw.put(precision, from + i * precision.bytes(), 1 + 0.1 * random.nextGaussian());
                }
                tape.once().forEach(entry -> entry.step().run(base));
                tape.everyRun().forEach(entry -> entry.step().run(base));
                compare(base, reduction, tolerance, steps);
            }
        }

        private void compare(long[] base, Reduction reduction, double tolerance, List<String> steps) {
            Loops all = new Loops(result.sizes(), new long[][]{result.strides()});
            for (long round = 0; round < result.volume(); round++) {
                double actual = Raw.get(tape.precision(), base[result.buffer().number()]
                        + all.position(0, round) * tape.precision().bytes());
                double expected = plain(base, reduction, round);
                assertThat(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)) || actual == expected)
                        .as("%s of %s %s keeping %s into %s: element %d is %s, expected %s, by %s", reduction,
                                Arrays.toString(operand.sizes()), Arrays.toString(operand.strides()),
                                Arrays.toString(kept), Arrays.toString(result.strides()), round, actual, expected,
                                steps)
                        .isTrue();
            }
        }

        private double plain(long[] base, Reduction reduction, long round) {
            int[] reduced = IntStream.range(0, operand.sizes().length)
                    .filter(i -> Arrays.stream(kept).noneMatch(k -> k == i)).toArray();
            Place outer = operand.permute(kept);
            Place inner = operand.permute(reduced);
            long start = new Loops(outer.sizes(), new long[][]{outer.strides()}).position(0, round);
            Loops along = new Loops(inner.sizes(), new long[][]{inner.strides()});
            Reduce kind = Reduce.valueOf(switch (reduction) {
                case PROD -> "PRODUCT";
                case MAX -> "MAXIMUM";
                case MIN -> "MINIMUM";
                default -> "SUM";
            });
            double value = kind.neutral();
            for (long i = 0; i < along.volume(); i++) {
                long at = start + along.position(0, i);
                value = kind.function().apply(value,
                        Raw.get(tape.precision(), base[operand.buffer().number()] + at * tape.precision().bytes()));
            }
            return value;
        }
    }

    /** With kernels that take as much as there is, and a few elements. */
    @ParameterizedTest
    @CsvSource({"FLOAT, 268435456", "DOUBLE, 16777216", "FLOAT, 3", "DOUBLE, 3"})
    void agreesWithPlainLoopsHoweverTensorsLie(Precision precision, int most) {
        for (int seed = 0; seed < 1500; seed++) {
            Random random = new Random(seed);
            Tape tape = new Tape(new Target(precision, Profile.BITS_256, true, most));
            long[] sizes = sizes(random);
            int[] kept = subset(random, sizes.length);
            long[] resultSizes = Arrays.stream(kept).mapToLong(k -> sizes[k]).toArray();
            Case.of(tape, sizes, strides(random, sizes), kept, strides(random, resultSizes)).check(
                    KINDS.get(random.nextInt(KINDS.size())), precision == Precision.FLOAT ? 1e-3 : 1e-11);
        }
    }

    private static long[] sizes(Random random) {
        long[] sizes = new long[random.nextInt(7)];
        long volume = 1;
        for (int i = 0; i < sizes.length; i++) {
            int size = random.nextInt(60) == 0 ? 0 : LENGTHS[random.nextInt(LENGTHS.length)];
            sizes[i] = volume * size > LARGEST ? 1 : size;
            volume *= Math.max(1, sizes[i]);
        }
        return sizes;
    }

    /** Of the axes in any order, row-major with a gap here and there, which makes slices and, with one axis less, diagonals. */
    private static long[] strides(Random random, long[] sizes) {
        List<Integer> order = shuffled(random, sizes.length);
        long[] strides = new long[sizes.length];
        long next = random.nextInt(6) == 0 ? 2 + random.nextInt(20) : 1;
        for (int axis : order) {
            strides[axis] = next;
            next = next * Math.max(1, sizes[axis]) + (random.nextInt(4) == 0 ? random.nextInt(9) : 0);
        }
        return strides;
    }

    private static int[] subset(Random random, int rank) {
        return shuffled(random, rank).stream().filter(_ -> random.nextInt(2) == 0).mapToInt(i -> i).toArray();
    }

    private static List<Integer> shuffled(Random random, int rank) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        if (random.nextInt(3) > 0) {
            Collections.shuffle(order, random);
        } else {
            Collections.reverse(order);
        }
        return order;
    }

    /** Strides of 0 repeat elements. */
    @Test
    void combinesRepeatedElementsAsOftenAsTheyAreRepeated() {
        for (Reduction kind : KINDS) {
            Case.of(Precision.FLOAT, new long[]{5, 3, 40}, new long[]{0, 40, 1}, new int[]{1}, new long[]{1})
                    .check(kind, 1e-4);
            Case.of(Precision.FLOAT, new long[]{5, 3, 40}, new long[]{40, 0, 1}, new int[]{1, 2}, new long[]{40, 1})
                    .check(kind, 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8 64        | 64 1      | 1   | 1    | sum of rows 8x64
            8 64        | 64 1      | 0   | 1    | sum along rows 8x64
            8 64        | 64 1      | 0   | 5    | sum along rows 8x64
            64 8        | 1 64      | 0   | 1    | sum of rows 8x64
            6 8 64      | 600 64 1  | 0 2 | 64 1 | sum of rows 8x64 times 6
            6 8 64      | 512 64 1  | 1   | 1    | sum along rows 8x64 times 6
            6 8 200     | 2400 300 1 |   |      | sum along rows 1x200 times 48
            50          | 51        |     |      | sum of rows 50x1
            9 50        | 500 17    | 0   | 1    | sum of rows 50x1 times 9
            """)
    void reducesInPlace(String sizes, String strides, String kept, String resultStrides, String step) {
        Case reduction = Case.of(Precision.FLOAT, longs(sizes), longs(strides), ints(kept), longs(resultStrides));
        assertThat(reduction.lower(Reduction.SUM)).containsExactly(step);
    }

    /** A call for every few elements costs more than a pass over a part of them. */
    @Test
    void reducesTheOuterAxisFirstWhereTheInnerIsShort() {
        Case reduction = Case.of(Precision.FLOAT, longs("100 50 2 4"), longs("400 8 4 1"), ints("1 3"), longs("4 1"));
        assertThat(reduction.lower(Reduction.SUM)).containsExactly("sum of rows 100x400", "sum of rows 2x4 times 50");
        Case all = Case.of(Precision.FLOAT, longs("6 8 40"), longs("400 44 1"), new int[0], new long[0]);
        assertThat(all.lower(Reduction.MAX)).containsExactly("maximum of rows 8x40 times 6",
                "maximum along rows 1x40");
    }

    private static int[] ints(String text) {
        return Arrays.stream(longs(text)).mapToInt(Math::toIntExact).toArray();
    }

    private static long[] longs(String text) {
        return text == null || text.isBlank()
                ? new long[0]
                : Arrays.stream(text.strip().split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
