package org.einscale.einsum.plan.contract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.loop.LoopNest;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.LoopStep;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.program.Semiring;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/**
 * An element of a contraction of one or two operands over any {@link Semiring}: a sum, held in double precision, over the loops
 * that the result lacks.
 *
 * @param summed
 *            those loops
 * @param times
 *            as often as the operands repeat themselves beyond those
 * @param pair
 *            whether there are two operands
 */
record SemiringElement(Semiring semiring, Precision precision, Loops summed, long times,
        boolean pair) implements LoopBody {

    /** Writes the contraction on the tape. */
    static void emit(Tape tape, Semiring semiring, List<List<Axis>> terms, List<Place> operands, List<Axis> output,
            Place result, boolean add) {
        Set<Axis> others = new LinkedHashSet<>();
        terms.forEach(others::addAll);
        output.forEach(others::remove);
        Loops kept = loops(output, terms, operands, output, result);
        Loops all = loops(List.copyOf(others), terms, operands, output, result);
        // Of no elements none is read, also where no axis moves.
        Loops summed = all.volume() == 0 ? all : all.moving();
        long times = all.volume() / Math.max(1, summed.volume());
        Precision precision = tape.precision();
        List<Buffer> touched = new ArrayList<>(operands.stream().map(Place::buffer).toList());
        touched.add(result.buffer());
        LoopBody element = new SemiringElement(semiring, precision, summed, times, operands.size() == 2);
        tape.add(
                new LoopStep(LoopNest.of(element, kept, precision.bytes()), operands.getFirst().address(precision),
                        operands.getLast().address(precision), result.address(precision), add),
                Work.products(tape.target(), semiring.name() + " loops " + kept.volume() + " x " + summed.volume(),
                        operands.size() == 1 && summed.volume() == 1 ? 0 : (double) kept.volume() * summed.volume(),
                        operands.size(), operands, result),
                touched.toArray(Buffer[]::new));
    }

    private static Loops loops(List<Axis> axes, List<List<Axis>> terms, List<Place> operands, List<Axis> output,
            Place result) {
        long[] rounds = new long[axes.size()];
        long[][] strides = {new long[axes.size()], new long[axes.size()],
            Place.aligned(output, result, axes).strides()};
        for (int i = 0; i < operands.size(); i++) {
            Place aligned = Place.aligned(terms.get(i), operands.get(i), axes);
            strides[i] = aligned.strides();
            for (int j = 0; j < rounds.length; j++) {
                rounds[j] = terms.get(i).contains(axes.get(j)) ? aligned.sizes()[j] : rounds[j];
            }
        }
        return Loops.of(rounds, strides);
    }

    @Override
    public void run(long[] base, long a, long b, long c, boolean add) {
        double before = add ? Raw.get(precision, c) : semiring.zero();
        Raw.put(precision, c, times == 1
                ? sum(0, before, a, b)
                : semiring.plus(before, repeated(sum(0, semiring.zero(), a, b))));
    }

    /** The sum of as many times a number, by doubling. */
    private double repeated(double once) {
        double sum = semiring.zero();
        double power = once;
        for (long left = times; left > 0; left >>= 1) {
            sum = (left & 1) == 1 ? semiring.plus(sum, power) : sum;
            power = semiring.plus(power, power);
        }
        return sum;
    }

    private double sum(int depth, double before, long a, long b) {
        if (depth == summed.depth()) {
            return semiring.plus(before,
                    semiring.times(Raw.get(precision, a), pair ? Raw.get(precision, b) : semiring.one()));
        }
        double sum = before;
        long moveA = summed.stride(LoopNest.A, depth) * precision.bytes();
        long moveB = summed.stride(LoopNest.B, depth) * precision.bytes();
        for (long i = 0; i < summed.rounds()[depth]; i++) {
            sum = sum(depth + 1, sum, a + i * moveA, b + i * moveB);
        }
        return sum;
    }
}
