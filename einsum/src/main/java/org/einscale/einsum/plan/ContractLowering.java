package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Kernels;

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
     * @param add
     *            whether it adds to the result's content
     */
    void contract(List<List<Axis>> terms, List<Place> operands, List<Axis> output, Place result, boolean add) {
        if (result.volume() == 0) {
            return;
        }
        Place target = add && operands.size() == 1 ? tape.temporary(result.sizes()) : result;
        if (operands.size() == 1) {
            single(terms.getFirst(), operands.getFirst(), output, target);
        } else {
            pair(new Pair(terms.get(0), operands.get(0), terms.get(1), operands.get(1), output, result), add);
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
        if (pair.volume(pair.contracted()) == 0) {
            zero(pair.result(), add);
        } else if (!add && isProduct(pair)) {
            multiply(pair);
        } else if (!add && sums(pair)) {
            return;
        } else {
            gemm(pair, add);
        }
    }

    private void zero(Place result, boolean add) {
        if (!add) {
            MapGroup group = new MapGroup(tape, result.sizes());
            group.compute(Pointwise.ZERO, Optional.of(result));
            group.emit();
        }
    }

    /** Nothing is summed and at most one operand is repeated: one multiplication an element. */
    private static boolean isProduct(Pair pair) {
        return pair.volume(pair.contracted()) == 1 && (pair.volume(pair.left()) == 1 || pair.volume(pair.right()) == 1);
    }

    private void multiply(Pair pair) {
        MapGroup group = new MapGroup(tape, pair.result().sizes());
        int a = group.operand(pair.a(pair.output()));
        int b = group.operand(pair.b(pair.output()));
        group.compute(Pointwise.operand(a).times(Pointwise.operand(b)), Optional.of(pair.result()));
        group.emit();
    }

    /** Products summed within rows or down columns, where both operands are the same matrix layout of batch and contracted axes. */
    private boolean sums(Pair pair) {
        if (pair.volume(pair.left()) > 1 || pair.volume(pair.right()) > 1 || !pair.result().contiguous()) {
            return false;
        }
        List<Axis> batch = pair.output().stream().filter(pair.batch()::contains).toList();
        int kept = Math.toIntExact(pair.volume(batch));
        int summed = Math.toIntExact(pair.volume(pair.contracted()));
        for (List<Axis> contracted : List.of(pair.contracted(), pair.contractedByRight())) {
            List<Axis> down = concatenate(contracted, batch);
            List<Axis> along = concatenate(batch, contracted);
            if (pair.a(along).contiguous() && pair.b(along).contiguous()) {
                emit(pair, (k, to, a, b, rows, n) -> k.multiplySumColumns(to, 1, a, n, b, n, rows, n, false), kept,
                        summed, "products summed along rows ");
                return true;
            }
            if (pair.a(down).contiguous() && pair.b(down).contiguous()) {
                emit(pair, (k, to, a, b, rows, n) -> k.multiplySumRows(to, a, n, b, n, rows, n, false), summed, kept,
                        "products summed down columns ");
                return true;
            }
        }
        return false;
    }

    private interface ProductKernel {
        void run(Kernels kernels, long to, long a, long b, int rows, int n);
    }

    private void emit(Pair pair, ProductKernel kernel, int rows, int n, String what) {
        Kernels kernels = tape.kernels();
        Address a = pair.a().address(tape.precision());
        Address b = pair.b().address(tape.precision());
        Address c = pair.result().address(tape.precision());
        tape.add(base -> kernel.run(kernels, c.in(base), a.in(base), b.in(base), rows, n), what + rows + "x" + n,
                pair.a().buffer(), pair.b().buffer(),
                pair.result().buffer());
    }

    private void gemm(Pair pair, boolean add) {
        GemmChoice choice = GemmChoice.candidates(pair).stream()
                .min(Comparator.comparingDouble(GemmChoice::nanoseconds)).orElseThrow();
        Pair copied = choice.copied(pair, this::copy, this::temporary);
        boolean addsInPlace = add && !choice.copyResult();
        GemmStep step = choice.step(copied, tape.precision(), addsInPlace);
        tape.add(step,
                step.call() + (step.loops().volume() > 1 ? " times " + step.loops().volume() : "")
                        + (addsInPlace ? " added" : ""),
                copied.a().buffer(),
                copied.b().buffer(), copied.result().buffer());
        if (choice.copyResult()) {
            Place product = copied.result(pair.output());
            if (add) {
                accumulate(tape, product, pair.result());
            } else {
                CopyStep.emit(tape, pair.result(), product, "to its place");
            }
        }
    }

    private Place copy(Place place) {
        return Rows.contiguous(tape, place, "for a matrix product");
    }

    private Place temporary(Place like) {
        return tape.temporary(like.sizes());
    }

    /** Adds a tensor to another. */
    static void accumulate(Tape tape, Place addend, Place result) {
        MapGroup group = new MapGroup(tape, result.sizes());
        int sum = group.operand(result);
        int next = group.operand(addend);
        group.compute(Pointwise.operand(sum).plus(Pointwise.operand(next)), Optional.of(result));
        group.emit();
    }

    @SafeVarargs
    private static List<Axis> concatenate(List<Axis>... parts) {
        Set<Axis> all = new LinkedHashSet<>();
        Arrays.stream(parts).forEach(all::addAll);
        return new ArrayList<>(all);
    }
}
