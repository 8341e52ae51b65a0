package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Semiring;
import org.einscale.tensor.Axis;

/**
 * Turns a contraction of one or two operands into calls. Every axis of a pair is one of four kinds: batch (in both operands
 * and the result), contracted (in both operands), left and right (in one operand and the result).
 */
final class ContractLowering {
    private final Tape tape;

    ContractLowering(Tape tape) {
        this.tape = tape;
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
    void contract(Operation.Contract contract, List<Place> operands, Place result, Optional<CausalParts> causal,
            boolean add) {
        if (result.volume() == 0) {
            return;
        }
        List<List<Axis>> terms = contract.terms();
        List<Axis> output = contract.output();
        if (contract.semiring() != Semiring.SUM_PRODUCT) {
            SemiringStep.emit(tape, contract.semiring(), terms, operands, output, result, add);
            return;
        }
        Place target = add && operands.size() == 1 ? tape.temporary(result.sizes()) : result;
        if (operands.size() == 1) {
            single(terms.getFirst(), operands.getFirst(), output, target);
        } else {
            Pair pair = new Pair(terms.get(0), operands.get(0), terms.get(1), operands.get(1), output, result);
            causal.map(parts -> parts.fastest(pair, new PairChoices(tape))).orElse(List.of(pair))
                    .forEach(part -> pair(part, add));
        }
        if (target != result) {
            accumulate(tape, target, result);
        }
    }

    private void single(List<Axis> term, Place operand, List<Axis> output, Place result) {
        List<Axis> axes = List.copyOf(new LinkedHashSet<>(term));
        Place diagonal = Pair.aligned(term, operand, axes);
        new ReduceLowering(tape).reduce(Reduction.SUM, diagonal, output.stream().mapToInt(axes::indexOf).toArray(),
                result);
    }

    private void pair(Pair pair, boolean add) {
        if (pair.result().volume() == 0) {
            return;
        }
        if (pair.volume(pair.contracted()) == 0) {
            zero(pair.result(), add);
        } else if (!add && isProduct(pair)) {
            multiply(pair);
        } else {
            product(pair, add);
        }
    }

    private void zero(Place result, boolean add) {
        if (!add) {
            map(result, group -> Pointwise.ZERO);
        }
    }

    /** A pointwise step for the result, which goes through a temporary if it has gaps. */
    private void map(Place result, Function<MapGroup, Pointwise> expression) {
        Place target = result.contiguous() ? result : tape.temporary(result.sizes());
        MapGroup group = new MapGroup(tape, result.sizes());
        group.compute(expression.apply(group), Optional.of(target));
        group.emit();
        if (target != result) {
            CopyStep.emit(tape, result, target, "to its place");
        }
    }

    /** Nothing is summed and at most one operand is repeated: one multiplication an element. */
    private static boolean isProduct(Pair pair) {
        return pair.volume(pair.contracted()) == 1 && (pair.volume(pair.left()) == 1 || pair.volume(pair.right()) == 1);
    }

    private void multiply(Pair pair) {
        map(pair.result(), group -> {
            int a = group.operand(pair.a(pair.output()));
            int b = group.operand(pair.b(pair.output()));
            return Pointwise.operand(a).times(Pointwise.operand(b));
        });
    }

    private void product(Pair pair, boolean add) {
        PairChoices.Copying best = new PairChoices(tape).best(pair);
        if (pair.volume(pair.contracted()) > best.choice().kernel().longestSum()) {
            inBlocks(pair, best.choice().kernel().longestSum(), add);
            return;
        }
        Pair copied = best.layouts().apply(pair, this::copy, this::temporary);
        boolean later = best.layouts().result().isPresent();
        boolean addsInPlace = add && !later;
        tape.add(best.choice().step(tape, copied.a(), copied.b(), copied.result(), addsInPlace),
                Work.of(tape, best.choice().call() + (addsInPlace ? " added" : ""), flops(pair),
                        List.of(copied.a(), copied.b()), copied.result()),
                copied.a().buffer(), copied.b().buffer(), copied.result().buffer());
        if (later) {
            Place product = copied.result(pair.output());
            if (add) {
                accumulate(tape, product, pair.result());
            } else {
                CopyStep.emit(tape, pair.result(), product, "to its place");
            }
        }
    }

    /** Products of blocks of the longest contracted axis, each of no more terms than lose few digits if it can be, and then their sum. */
    private void inBlocks(Pair pair, double longestSum, boolean add) {
        Axis axis = pair.contracted().stream().max(Comparator.comparing(a -> pair.volume(List.of(a)))).orElseThrow();
        int size = (int) pair.volume(List.of(axis));
        int block = (int) Math.max(1, longestSum * size / pair.volume(pair.contracted()));
        int whole = size / block;
        int[] shape = pair.result().sizes();
        Place products = tape.temporary(Place.prepended(Math.ceilDiv(size, block), shape));
        product(pair.cut(axis, 0, whole, block, products.slice(0, 0, whole)), false);
        if (whole * block < size) {
            product(pair.cut(axis, whole * block, 1, size - whole * block, products.slice(0, whole, 1)), false);
        }
        Place sum = add ? tape.temporary(shape) : pair.result();
        new ReduceLowering(tape).reduce(Reduction.SUM, products, IntStream.rangeClosed(1, shape.length).toArray(), sum);
        if (add) {
            accumulate(tape, sum, pair.result());
        }
    }

    /** A multiplication and an addition for each point of the index space. */
    private static long flops(Pair pair) {
        return 2 * pair.volume(concatenate(pair.aAxes(), pair.bAxes()));
    }

    private Place copy(Place place) {
        return Rows.contiguous(tape, place, "for a faster product");
    }

    private Place temporary(Place like) {
        return tape.temporary(like.sizes());
    }

    /** Adds a tensor to another. */
    static void accumulate(Tape tape, Place addend, Place result) {
        new ContractLowering(tape).map(result, group -> {
            int sum = group.operand(result);
            int next = group.operand(addend);
            return Pointwise.operand(sum).plus(Pointwise.operand(next));
        });
    }

    @SafeVarargs
    private static List<Axis> concatenate(List<Axis>... parts) {
        Set<Axis> all = new LinkedHashSet<>();
        Arrays.stream(parts).forEach(all::addAll);
        return new ArrayList<>(all);
    }
}
