package org.einscale.einsum.plan.contract;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.einsum.plan.map.MapGroup;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.product.Pair;
import org.einscale.einsum.plan.product.PairChoices;
import org.einscale.einsum.plan.reduce.ReduceLowering;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.einsum.plan.tape.Rows;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Semiring;
import org.einscale.tensor.Axis;

/**
 * Turns a contraction of one or two operands into calls. Every axis of a pair is one of four kinds: batch (in both operands
 * and the result), contracted (in both operands), left and right (in one operand and the result).
 */
public final class ContractLowering {
    /** Bytes of products of blocks that are made side by side: they stay in the second-level cache until they are added. */
    private static final long MOST_APART = 1 << 18;

    private final Tape tape;
    private final PairChoices choices;

    public ContractLowering(Tape tape, PairChoices choices) {
        this.tape = tape;
        this.choices = choices;
    }

    /**
     * Writes the contraction on the tape.
     *
     * @param operands
     *            where the operands are, one or two
     * @param causal
     *            how a mask cuts it short, if one does
     * @param add
     *            whether it adds to the result's content
     */
    public void contract(Operation.Contract contract, List<Place> operands, Place result, Optional<CausalParts> causal,
            boolean add) {
        if (result.volume() == 0) {
            return;
        }
        List<List<Axis>> terms = contract.terms();
        List<Axis> output = contract.output();
        List<Axis> repeated = IntStream.range(0, output.size())
                .filter(i -> result.sizes()[i] > 1 && result.strides()[i] == 0).mapToObj(output::get).toList();
        if (!repeated.isEmpty()) {
            List<Place> once = IntStream.range(0, terms.size())
                    .mapToObj(i -> operands.get(i).once(axis -> repeated.contains(terms.get(i).get(axis)))).toList();
            contract(contract, once, result.once(), Optional.empty(), add);
            return;
        }
        if (contract.semiring() != Semiring.SUM_PRODUCT) {
            SemiringElement.emit(tape, contract.semiring(), terms, operands, output, result, add);
            return;
        }
        Place target = add && operands.size() == 1 ? tape.temporary(result.sizes()) : result;
        if (operands.size() == 1) {
            single(terms.getFirst(), operands.getFirst(), output, target);
        } else {
            Pair pair = new Pair(terms.get(0), operands.get(0), terms.get(1), operands.get(1), output, result);
            causal.map(parts -> parts.fastest(pair, choices)).orElse(List.of(pair))
                    .forEach(part -> pair(part, add));
        }
        if (target != result) {
            accumulate(tape, target, result);
        }
    }

    private void single(List<Axis> term, Place operand, List<Axis> output, Place result) {
        List<Axis> axes = List.copyOf(new LinkedHashSet<>(term));
        Place diagonal = Place.aligned(term, operand, axes);
        new ReduceLowering(tape).reduce(Reduction.SUM, diagonal, output.stream().mapToInt(axes::indexOf).toArray(),
                result);
    }

    private void pair(Pair whole, boolean add) {
        if (whole.result().volume() == 0) {
            return;
        }
        if (whole.volume(whole.contracted()) == 0) {
            zero(whole.result(), add);
            return;
        }
        Pair pair = summed(summed(whole).swapped()).swapped();
        if (!add && isProduct(pair)) {
            multiply(pair);
        } else {
            product(pair, add);
        }
    }

    /** The pair without contracted axes along which the left operand repeats itself: the right one is summed along them first. */
    private Pair summed(Pair pair) {
        List<Axis> repeated = pair.contracted().stream()
                .filter(axis -> pair.size(axis) > 1 && pair.a(List.of(axis)).strides()[0] == 0).toList();
        if (repeated.isEmpty()) {
            return pair;
        }
        List<Axis> left = pair.aAxes().stream().filter(axis -> !repeated.contains(axis)).toList();
        List<Axis> right = pair.bAxes().stream().filter(axis -> !repeated.contains(axis)).toList();
        Place sum = tape.temporary(pair.sizes(right));
        new ReduceLowering(tape).reduce(Reduction.SUM, pair.b(),
                right.stream().mapToInt(pair.bAxes()::indexOf).toArray(), sum);
        return new Pair(left, pair.a(left), right, sum, pair.output(), pair.result());
    }

    private void zero(Place result, boolean add) {
        if (!add) {
            MapGroup.write(tape, result, group -> Pointwise.ZERO);
        }
    }

    /** Whether nothing is summed and at most one operand is repeated: there is one multiplication an element. */
    private static boolean isProduct(Pair pair) {
        return pair.volume(pair.contracted()) == 1 && (pair.volume(pair.left()) == 1 || pair.volume(pair.right()) == 1);
    }

    private void multiply(Pair pair) {
        MapGroup.write(tape, pair.result(), 1, group -> {
            int a = group.operand(pair.a(pair.output()));
            int b = group.operand(pair.b(pair.output()));
            return Pointwise.operand(a).times(Pointwise.operand(b));
        });
    }

    private void product(Pair pair, boolean add) {
        PairChoices.Copying best = choices.best(pair);
        if (pair.volume(pair.contracted()) > best.choice().kernel().longestSum()) {
            inBlocks(pair, best.choice().kernel().longestSum(), add);
            return;
        }
        Pair copied = best.layouts().apply(pair, this::copy, this::temporary);
        boolean later = best.layouts().result().isPresent();
        boolean addsInPlace = add && !later;
        tape.add(best.choice().step(tape, copied.a(), copied.b(), copied.result(), addsInPlace),
                Work.products(tape.target(), best.choice().call() + (addsInPlace ? " added" : ""), pair.points(), 2,
                        List.of(copied.a(), copied.b()), copied.result()),
                copied.a().buffer(), copied.b().buffer(), copied.result().buffer());
        if (later) {
            Place product = copied.result(pair.output());
            if (add) {
                accumulate(tape, product, pair.result());
            } else {
                Copies.emit(tape, pair.result(), product, "to its place");
            }
        }
    }

    /** Products of blocks of the longest contracted axis, each of no more terms than lose few digits if it can be, and then their sum. */
    private void inBlocks(Pair pair, double longestSum, boolean add) {
        Axis axis = pair.contracted().stream().max(Comparator.comparing(a -> pair.volume(List.of(a)))).orElseThrow();
        long size = pair.size(axis);
        long block = (long) Math.max(1, longestSum * size / pair.volume(pair.contracted()));
        long[] shape = pair.result().sizes();
        long atOnce = Math.max(1, MOST_APART / (pair.result().volume() * tape.precision().bytes()));
        Place products = sumOfGroups(pair, axis, block, atOnce * block, 0, size);
        Place sum = add ? tape.temporary(shape) : pair.result();
        ReduceLowering.ofPartialResults(tape).reduce(Reduction.SUM, products,
                IntStream.rangeClosed(1, shape.length).toArray(), sum);
        if (add) {
            accumulate(tape, sum, pair.result());
        }
    }

    /**
     * Products of blocks from a start on, side by side; those of more than one group of blocks are added to those of another, half
     * to half, so that as many are held at a time as halving takes steps.
     */
    private Place sumOfGroups(Pair pair, Axis axis, long block, long group, long start, long length) {
        if (length <= group) {
            return products(pair, axis, block, start, length);
        }
        long half = Math.ceilDiv(Math.ceilDiv(length, group), 2) * group;
        Place left = sumOfGroups(pair, axis, block, group, start, half);
        Place right = sumOfGroups(pair, axis, block, group, start + half, length - half);
        accumulate(tape, right, left.slice(0, 0, right.sizes()[0]));
        return left;
    }

    private Place products(Pair pair, Axis axis, long block, long start, long length) {
        long whole = length / block;
        Place products = tape.temporary(Place.prepended(Math.ceilDiv(length, block), pair.result().sizes()));
        if (whole > 0) {
            product(pair.cut(axis, start, whole, block, products.slice(0, 0, whole)), false);
        }
        if (whole * block < length) {
            product(pair.cut(axis, start + whole * block, 1, length - whole * block, products.slice(0, whole, 1)),
                    false);
        }
        return products;
    }

    private Place copy(Place place) {
        return Rows.contiguous(tape, place, "for a faster product");
    }

    private Place temporary(Place like) {
        return tape.temporary(like.sizes());
    }

    /** Adds a tensor to another. */
    public static void accumulate(Tape tape, Place addend, Place result) {
        MapGroup.write(tape, result, group -> {
            int sum = group.operand(result);
            int next = group.operand(addend);
            return Pointwise.operand(sum).plus(Pointwise.operand(next));
        });
    }
}
