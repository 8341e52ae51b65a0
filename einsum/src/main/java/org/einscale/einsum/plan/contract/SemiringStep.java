package org.einscale.einsum.plan.contract;

import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.plan.tape.Loops;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.Semiring;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/**
 * A contraction of one or two operands over any {@link Semiring}, element by element: each element of the result is the sum,
 * held in double precision, over the loops that the result lacks.
 *
 * @param kept
 *            loops of the result, over it and each operand
 * @param summed
 *            the other loops, over the same tensors
 * @param times
 *            as often as the operands repeat themselves beyond those
 * @param add
 *            whether to add to what the result holds
 */
public record SemiringStep(Semiring semiring, Precision precision, Loops kept, Loops summed, long times, Address result,
        List<Address> operands, boolean add) implements Step {

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
        tape.add(
                new SemiringStep(semiring, precision, kept, summed, times, result.address(precision),
                        operands.stream().map(place -> place.address(precision)).toList(), add),
                Work.products(tape.target(), semiring.name() + " loops " + kept.volume() + " x " + summed.volume(),
                        operands.size() == 1 && summed.volume() == 1 ? 0 : (double) kept.volume() * summed.volume(),
                        operands.size(), operands, result),
                touched.toArray(Buffer[]::new));
    }

    private static Loops loops(List<Axis> axes, List<List<Axis>> terms, List<Place> operands, List<Axis> output,
            Place result) {
        long[] rounds = new long[axes.size()];
        long[][] strides = new long[1 + operands.size()][];
        strides[0] = Place.aligned(output, result, axes).strides();
        for (int i = 0; i < operands.size(); i++) {
            Place aligned = Place.aligned(terms.get(i), operands.get(i), axes);
            strides[i + 1] = aligned.strides();
            for (int j = 0; j < rounds.length; j++) {
                rounds[j] = terms.get(i).contains(axes.get(j)) ? aligned.sizes()[j] : rounds[j];
            }
        }
        return Loops.of(rounds, strides);
    }

    @Override
    public void run(long[] base) {
        boolean pair = operands.size() == 2;
        eachResult(0, result.in(base), operands.getFirst().in(base), pair ? operands.getLast().in(base) : 0);
    }

    private void eachResult(int depth, long to, long x, long y) {
        if (depth == kept.depth()) {
            double before = add ? Raw.get(precision, to) : semiring.zero();
            Raw.put(precision, to, times == 1
                    ? sum(0, before, x, y)
                    : semiring.plus(before, repeated(sum(0, semiring.zero(), x, y))));
            return;
        }
        int bytes = precision.bytes();
        boolean pair = operands.size() == 2;
        for (long i = 0; i < kept.rounds()[depth]; i++) {
            eachResult(depth + 1, to + i * kept.stride(0, depth) * bytes, x + i * kept.stride(1, depth) * bytes,
                    pair ? y + i * kept.stride(2, depth) * bytes : 0);
        }
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

    private double sum(int depth, double before, long x, long y) {
        boolean pair = operands.size() == 2;
        if (depth == summed.depth()) {
            return semiring.plus(before,
                    semiring.times(Raw.get(precision, x), pair ? Raw.get(precision, y) : semiring.one()));
        }
        double sum = before;
        long moveX = summed.stride(1, depth) * precision.bytes();
        long moveY = pair ? summed.stride(2, depth) * precision.bytes() : 0;
        for (long i = 0; i < summed.rounds()[depth]; i++) {
            sum = sum(depth + 1, sum, x + i * moveX, y + i * moveY);
        }
        return sum;
    }
}
