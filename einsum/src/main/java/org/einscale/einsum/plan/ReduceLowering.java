package org.einscale.einsum.plan;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.kernel.Kernels;

/** Sums, maxima and minima along axes: one kernel call where the tensor is a matrix of kept and reduced axes, else after a copy into that form. */
final class ReduceLowering {
    private final Tape tape;

    ReduceLowering(Tape tape) {
        this.tape = tape;
    }

    /**
     * Combines along the operand's axes that are not kept.
     *
     * @param kept
     *            positions of the operand's axes that the result has, in the result's order
     */
    void reduce(Reduction reduction, Place operand, int[] kept, Place result) {
        if (result.volume() == 0) {
            return;
        }
        int[] reduced = IntStream.range(0, operand.sizes().length)
                .filter(i -> Arrays.stream(kept).noneMatch(k -> k == i)).toArray();
        if (reduced.length == 0) {
            CopyStep.emit(tape, result, operand.permute(kept), "to reorder");
            return;
        }
        Place target = result.contiguous() ? result : tape.temporary(result.sizes());
        int[] rowsKept = IntStream.concat(Arrays.stream(kept), Arrays.stream(reduced)).toArray();
        int[] rowsReduced = IntStream.concat(Arrays.stream(reduced), Arrays.stream(kept)).toArray();
        int count = Math.toIntExact(result.volume());
        int each = Math.toIntExact(Place.volume(Arrays.stream(reduced).map(i -> operand.sizes()[i]).toArray()));
        if (reduction == Reduction.SUM && operand.permute(rowsReduced).contiguous()
                && !operand.permute(rowsKept).contiguous()) {
            emit(operand, target, each, count, Kernels::sumRows, "sum of rows ");
        } else {
            Place matrix = Rows.contiguous(tape, operand.permute(rowsKept), "to reduce");
            switch (reduction) {
                case SUM -> emit(matrix, target, count, each, Kernels::sumColumns, "sum along rows ");
                case MAX -> emit(matrix, target, count, each,
                        (k, to, from, rows, n, add) -> k.maxColumns(to, from, rows, n), "maximum along rows ");
                case MIN -> emit(matrix, target, count, each,
                        (k, to, from, rows, n, add) -> k.minColumns(to, from, rows, n), "minimum along rows ");
                case MEAN -> throw new IllegalStateException("a mean is a sum and a map by now");
            }
        }
        if (target != result) {
            CopyStep.emit(tape, result, target, "to its place");
        }
    }

    private interface RowKernel {
        void run(Kernels kernels, long to, long from, int rows, int n, boolean add);
    }

    private void emit(Place from, Place to, int rows, int n, RowKernel kernel, String what) {
        Kernels kernels = tape.kernels();
        Address source = from.address(tape.precision());
        Address target = to.address(tape.precision());
        tape.add(base -> kernel.run(kernels, target.in(base), source.in(base), rows, n, false), what + rows + "x" + n,
                from.buffer(), to.buffer());
    }
}
