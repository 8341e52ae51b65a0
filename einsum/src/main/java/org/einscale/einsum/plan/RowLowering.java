package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.plan.contract.ContractLowering;
import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.einsum.plan.tape.Rows;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Kernels;

/** Operations that work on rows along one axis: one kernel call over all rows, between copies where the axis is not innermost in memory. */
final class RowLowering {
    private static final long LONGEST = 1 << 30;

    private final Tape written;
    private final Storage storage;
    private final Sizes sizes;

    RowLowering(Tape written, Storage storage, Sizes sizes) {
        this.written = written;
        this.storage = storage;
        this.sizes = sizes;
    }

    /** A kernel over rows of n elements. */
    private interface OverRows {
        void run(Kernels kernels, long to, long[] from, int rows, int n);
    }

    Emission softmax(Operation.Softmax s, Statement statement) {
        int period = period(s.query());
        return rows("softmax", statement, s.axis(), s.query(),
                (k, to, from, rows, n) -> k.softmax(to, from[0], rows, n, period));
    }

    Emission softmaxGradient(Operation.SoftmaxGradient s, Statement statement) {
        int period = period(s.query());
        return rows("softmax gradient", statement, s.axis(), s.query(),
                (k, to, from, rows, n) -> k.softmaxGradient(to, from[0], from[1], rows, n, period));
    }

    private int period(Optional<Axis> query) {
        return query.map(q -> (int) storage.sizes(List.of(q))[0]).orElse(0);
    }

    Emission normalise(Operation.Normalise operation, Statement statement) {
        double epsilon = operation.epsilon();
        OverRows kernel = operation.norm() == Norm.LAYER
                ? (k, to, from, rows, n) -> k.layerNorm(to, from[0], rows, n, epsilon)
                : (k, to, from, rows, n) -> k.rmsNorm(to, from[0], rows, n, epsilon);
        return rows("normalise", statement, operation.axis(), Optional.empty(), kernel);
    }

    /** Cotangent of a normalisation; with {@code sum}, the result's place, it is added there. */
    Emission normaliseGradient(Operation.NormaliseGradient operation, Statement statement,
            Optional<Place> sum) {
        double epsilon = operation.epsilon();
        int axis = statement.result().axes().indexOf(operation.axis());
        boolean adds = sum.isPresent() && axis == statement.result().axes().size() - 1;
        OverRows kernel = operation.norm() == Norm.LAYER
                ? (k, to, from, rows, n) -> k.layerNormGradient(to, from[0], from[1], rows, n, epsilon, adds)
                : (k, to, from, rows, n) -> k.rmsNormGradient(to, from[0], from[1], rows, n, epsilon, adds);
        if (sum.isEmpty()) {
            return rows("normalise gradient", statement, operation.axis(), Optional.empty(), kernel);
        }
        if (adds) {
            return rows("normalise gradient added", statement, operation, sum.get(), operation.axis(), Optional.empty(),
                    kernel);
        }
        Emission alone = rows("normalise gradient", statement, operation,
                written.of(statement).temporary(sum.get().sizes()),
                operation.axis(), Optional.empty(), kernel);
        return new Emission(statement, alone.operands(), alone.from(), sum.get(), (tape, _, to) -> {
            alone.write(tape);
            ContractLowering.accumulate(tape, alone.to(), to);
        });
    }

    private Emission rows(String what, Statement statement, Axis axis, Optional<Axis> before, OverRows kernel) {
        return rows(what, statement, statement.operation(), storage.place(statement), axis, before, kernel);
    }

    private Emission rows(String what, Statement statement, Operation operation, Place result, Axis axis,
            Optional<Axis> before, OverRows kernel) {
        List<Value> operands = operation.operands();
        List<Axis> axes = statement.result().axes();
        if (result.volume() > 0) {
            requireShort(what, operands.getFirst(), axis);
        }
        double flops = Flops.of(operation, result.volume(), sizes);
        return new Emission(statement, operands, operands.stream().map(storage::of).toList(), result,
                (tape, from, to) -> write(tape, what, flops, axes, operands, from, to, axis, before, kernel));
    }

    private void write(Tape tape, String what, double flops, List<Axis> axes, List<Value> operands, List<Place> places,
            Place to,
            Axis axis, Optional<Axis> before, OverRows kernel) {
        if (to.volume() == 0) {
            return;
        }
        int last = axes.indexOf(axis);
        int[] order = before.map(q -> Rows.last(axes.size(), axes.indexOf(q), last))
                .orElseGet(() -> Rows.last(axes.size(), last));
        List<Axis> ordered = IntStream.of(order).mapToObj(axes::get).toList();
        List<Place> from = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            Place aligned = Place.aligned(operands.get(i).axes(), places.get(i), ordered);
            from.add(Rows.contiguous(tape, aligned, "into rows for " + what));
        }
        Place target = to.permute(order);
        Place rows = target.contiguous() ? target : tape.temporary(target.sizes());
        call(tape, what, flops, rows, from, Math.max(1, period(before)), kernel);
        if (rows != target) {
            Copies.emit(tape, target, rows, "out of rows of " + what);
        }
    }

    /**
     * @param together
     *            rows that have to be in one call
     */
    private static void call(Tape tape, String what, double flops, Place to, List<Place> from, int together,
            OverRows kernel) {
        int n = length(to);
        long rows = to.volume() / n;
        long rowBytes = (long) n * tape.precision().bytes();
        int most = together * Math.max(1, tape.most() / together);
        Kernels kernels = tape.kernels();
        Address target = to.address(tape.precision());
        Address first = from.getFirst().address(tape.precision());
        Address second = from.getLast().address(tape.precision());
        tape.add(base -> {
            for (long r = 0; r < rows; r += most) {
                base[0] = first.in(base) + r * rowBytes;
                base[1] = second.in(base) + r * rowBytes;
                kernel.run(kernels, target.in(base) + r * rowBytes, base, (int) Math.min(most, rows - r), n);
            }
        }, what + " " + rows + "x" + n, flops, from, to);
    }

    /** Rows run along all axes that the product lacks. */
    void productGradient(Operation.ProductGradient operation, Statement statement) {
        Tape tape = written.of(statement);
        Place to = storage.allocate(statement);
        if (to.volume() == 0) {
            return;
        }
        List<Axis> axes = statement.result().axes();
        List<Axis> kept = operation.dy().axes();
        int[] order = IntStream.concat(kept.stream().mapToInt(axes::indexOf),
                IntStream.range(0, axes.size()).filter(i -> !kept.contains(axes.get(i)))).toArray();
        Place x = Rows.contiguous(tape, storage.of(operation.x()).permute(order), "into rows for product gradient");
        Place dy = Rows.contiguous(tape, storage.of(operation.dy()), "of cotangents");
        Place target = to.permute(order);
        Place rows = target.contiguous() ? target : tape.temporary(target.sizes());
        long count = dy.volume();
        long n = to.volume() / count;
        Kernels kernels = tape.kernels();
        Address out = rows.address(tape.precision());
        Address from = x.address(tape.precision());
        Address scale = dy.address(tape.precision());
        tape.add(base -> kernels.productGradient(out.in(base), from.in(base), scale.in(base), count, n),
                "product gradient " + count + "x" + n, flops(statement), List.of(x, dy), rows);
        if (rows != target) {
            Copies.emit(tape, target, rows, "out of rows of product gradient");
        }
    }

    /** Kernels take vectors beyond the end of a row, and count their elements too. */
    private void requireShort(String what, Value operand, Axis axis) {
        long size = storage.sizes(List.of(axis))[0];
        if (size > LONGEST) {
            throw new ProgramError(what + " of '" + operand.name() + "' " + Value.text(operand.axes()) + " along axis '"
                    + axis.name() + "': its size is " + size + "; expected at most " + LONGEST);
        }
    }

    private double flops(Statement statement) {
        return Flops.of(statement, sizes);
    }

    private static int length(Place rows) {
        return (int) rows.sizes()[rows.sizes().length - 1];
    }

    void crossEntropy(Operation.CrossEntropy operation, Statement statement) {
        Tape tape = written.of(statement);
        Place logits = lastAxis(tape, operation.logits(), operation.axis());
        Place targets = Rows.contiguous(tape, storage.of(operation.targets()), "of targets");
        Place to = storage.allocate(statement);
        long rows = to.volume();
        if (rows > 0) {
            requireShort("cross-entropy", operation.logits(), operation.axis());
            int n = length(logits);
            int most = tape.most();
            int bytes = tape.precision().bytes();
            Kernels kernels = tape.kernels();
            Address loss = to.address(tape.precision());
            Address from = logits.address(tape.precision());
            Address labels = targets.address(tape.precision());
            tape.add(base -> {
                for (long r = 0; r < rows; r += most) {
                    kernels.crossEntropy(loss.in(base) + r * bytes, from.in(base) + r * n * bytes,
                            labels.in(base) + r * bytes, (int) Math.min(most, rows - r), n);
                }
            }, "cross-entropy " + rows + "x" + n, flops(statement), List.of(logits, targets), to);
        }
    }

    void crossEntropyGradient(Operation.CrossEntropyGradient operation, Statement statement) {
        Tape tape = written.of(statement);
        List<Axis> axes = statement.result().axes();
        Place logits = lastAxis(tape, operation.logits(), operation.axis());
        Place targets = Rows.contiguous(tape, storage.of(operation.targets()), "of targets");
        Place scale = Rows.contiguous(tape, storage.of(operation.dy()), "of cotangents");
        Place to = storage.place(statement);
        if (to.volume() == 0) {
            return;
        }
        int[] order = Rows.last(axes.size(), axes.indexOf(operation.axis()));
        Place target = to.permute(order);
        Place rows = target.contiguous() ? target : tape.temporary(target.sizes());
        requireShort("cross-entropy gradient", operation.logits(), operation.axis());
        int n = length(target);
        long count = target.volume() / n;
        int most = tape.most();
        int bytes = tape.precision().bytes();
        Kernels kernels = tape.kernels();
        Address out = rows.address(tape.precision());
        Address from = logits.address(tape.precision());
        Address labels = targets.address(tape.precision());
        Address scales = scale.address(tape.precision());
        tape.add(base -> {
            for (long r = 0; r < count; r += most) {
                kernels.crossEntropyGradient(out.in(base) + r * n * bytes, from.in(base) + r * n * bytes,
                        labels.in(base) + r * bytes, scales.in(base) + r * bytes, (int) Math.min(most, count - r), n);
            }
        }, "cross-entropy gradient " + count + "x" + n, flops(statement), List.of(logits, targets, scale), rows);
        if (rows != target) {
            Copies.emit(tape, target, rows, "out of rows of cross-entropy gradient");
        }
    }

    private Place lastAxis(Tape tape, Value value, Axis axis) {
        int rank = value.axes().size();
        return Rows.contiguous(tape, storage.of(value).permute(Rows.last(rank, value.axes().indexOf(axis))),
                "into rows for cross-entropy");
    }

    void take(Operation.Take operation, Statement statement) {
        Tape tape = written.of(statement);
        Place to = storage.allocate(statement);
        if (to.volume() == 0) {
            return;
        }
        Place table = storage.of(operation.table()).permute(
                Rows.first(operation.table().axes().size(), operation.table().axes().indexOf(operation.axis())));
        Place rows = Rows.contiguous(tape, table, "of a table");
        Place indices = Rows.contiguous(tape, storage.of(operation.indices()), "of indices");
        long count = indices.volume();
        long n = to.volume() / count;
        long tableRows = rows.sizes()[0];
        Kernels kernels = tape.kernels();
        Address target = to.address(tape.precision());
        Address from = rows.address(tape.precision());
        Address index = indices.address(tape.precision());
        tape.add(base -> kernels.take(target.in(base), from.in(base), index.in(base), count, n, tableRows),
                "take " + count + "x" + n, flops(statement), List.of(rows, indices), to);
    }

    void takeGradient(Operation.TakeGradient operation, Statement statement) {
        Tape tape = written.of(statement);
        Place to = storage.allocate(statement);
        if (to.volume() == 0) {
            return;
        }
        Place target = to.permute(
                Rows.first(statement.result().axes().size(), statement.result().axes().indexOf(operation.axis())));
        Place table = target.contiguous() ? target : tape.temporary(target.sizes());
        Place dy = Rows.contiguous(tape, storage.of(operation.dy()), "of cotangents");
        Place indices = Rows.contiguous(tape, storage.of(operation.indices()), "of indices");
        long count = indices.volume();
        long tableRows = target.sizes()[0];
        long n = target.volume() / tableRows;
        Kernels kernels = tape.kernels();
        Address out = table.address(tape.precision());
        Address from = dy.address(tape.precision());
        Address index = indices.address(tape.precision());
        Place lost = tape.temporary(target.sizes());
        Address rounding = lost.address(tape.precision());
        tape.add(
                base -> kernels.takeGradient(out.in(base), rounding.in(base), index.in(base), from.in(base), count, n,
                        tableRows),
                Work.of(tape.target(), "take gradient " + count + "x" + n, flops(statement), List.of(dy, indices),
                        table),
                table.buffer(), lost.buffer(), dy.buffer(), indices.buffer());
        if (table != target) {
            Copies.emit(tape, target, table, "of a table's gradient");
        }
    }
}
