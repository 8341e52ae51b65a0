package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;

/** Writes the program of a device. */
final class Emitter {
    private final Mesh mesh;
    private final ProgramBuilder builder = new ProgramBuilder();

    Emitter(Mesh mesh) {
        this.mesh = mesh;
    }

    ProgramBuilder builder() {
        return builder;
    }

    /** The statement written last. */
    Statement last() {
        return builder.last();
    }

    /** A move of a value. */
    Value move(Value value, Value local, Move move) {
        List<Axis> axes = move.to().local(value.axes());
        if (move.exchange().isEmpty() && !move.over().isEmpty()) {
            return first(value, local, move.over());
        }
        return builder.append(value.name(), axes, move.exchange().<Operation>map(
                exchange -> new Operation.Collective(exchange, Reduction.SUM, local, move.over()))
                .orElseGet(() -> new Operation.Shard(local)));
    }

    /** The value on the first of the devices along some mesh axes that have it, and 0 on the others. */
    private Value first(Value value, Value local, List<String> over) {
        Pointwise isFirst = Pointwise.combine(Binary.EQUAL, new Pointwise.Start(Partition.DEVICE.over(over)),
                Pointwise.ZERO);
        return builder.append(value.name(), local.axes(),
                new Operation.Map(Pointwise.operand(0).weigh(isFirst), List.of(local)));
    }

    /** The statement on a device's parts of its operands; what it comes to, extrema and products of all devices combined. */
    Value emit(Statement statement, Form form, Sharing sharing, List<Value> inputs) {
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < form.output().size(); i++) {
            axes.add(statement.result().axes().get(i).over(sharing.over(form.output().get(i))));
        }
        Value result = operation(statement, sharing, inputs, axes);
        for (var unfinished : sharing.combined(form, mesh).entrySet()) {
            result = builder.append(statement.result().name(), axes, new Operation.Collective(Exchange.ALL_REDUCE,
                    unfinished.getKey(), result, unfinished.getValue()));
        }
        return result;
    }

    private Value operation(Statement statement, Sharing sharing, List<Value> in, List<Axis> axes) {
        String name = statement.result().name();
        Operation operation = statement.operation();
        if (operation instanceof Operation.Take take && !sharing.over(take.axis()).isEmpty()) {
            return take(name, in, take.axis().over(sharing.over(take.axis())), axes);
        }
        if (operation instanceof Operation.TakeGradient take && !sharing.over(take.axis()).isEmpty()) {
            return takeGradient(name, in, take.axis().over(sharing.over(take.axis())), axes);
        }
        return builder.append(name, axes, switch (operation) {
            case Operation.Split split -> new Operation.Split(in.getFirst(),
                    split.axis().over(sharing.over(split.parts().getFirst())), parts(split.parts(), sharing));
            case Operation.Merge merge -> new Operation.Merge(in.getFirst(), parts(merge.parts(), sharing),
                    merge.axis().over(sharing.over(merge.parts().getFirst())));
            case Operation.Accumulate _,Operation.Collective _,Operation.Shard _,Operation.Send _,Operation.Receive _ ->
                throw new IllegalStateException(statement.toString());
            default -> operation.on(in);
        });
    }

    private static List<Axis> parts(List<Axis> parts, Sharing sharing) {
        List<Axis> local = new ArrayList<>(parts);
        local.set(0, parts.getFirst().over(sharing.over(parts.getFirst())));
        return local;
    }

    /** Rows that the device has, and zeros for those that others have, also where its own are no numbers. */
    private Value take(String name, List<Value> in, Axis part, List<Axis> axes) {
        Value here = here(in.get(1), part);
        Value rows = builder.append(name, axes, new Operation.Take(in.getFirst(), row(in.get(1), part), part));
        return builder.append(name, axes,
                new Operation.Map(Pointwise.operand(0).weigh(Pointwise.operand(1)), List.of(rows, here)));
    }

    /** Cotangents of rows that the device has; those of others are added as zeros. */
    private Value takeGradient(String name, List<Value> in, Axis part, List<Axis> axes) {
        Value here = here(in.getFirst(), part);
        Value dy = in.get(1);
        Value own = builder.append(dy.name(), dy.axes(),
                new Operation.Map(Pointwise.operand(0).weigh(Pointwise.operand(1)), List.of(dy, here)));
        return builder.append(name, axes, new Operation.TakeGradient(row(in.getFirst(), part), own, part));
    }

    /** 1 where an index is of a row that the device has. */
    private Value here(Value indices, Axis part) {
        Pointwise position = Pointwise.operand(0).minus(new Pointwise.Start(part));
        return builder.append("here", indices.axes(),
                new Operation.Map(Pointwise.combine(Binary.GREATER_EQUAL, position, Pointwise.ZERO)
                        .times(Pointwise.combine(Binary.GREATER, new Pointwise.Volume(List.of(part)), position)),
                        List.of(indices)));
    }

    /** Number of a row among those of the device; any where it has not got it. */
    private Value row(Value indices, Axis part) {
        Pointwise last = new Pointwise.Volume(List.of(part)).minus(Pointwise.ONE);
        Pointwise position = Pointwise.operand(0).minus(new Pointwise.Start(part));
        return builder.append("row", indices.axes(), new Operation.Map(Pointwise.combine(Binary.MINIMUM,
                Pointwise.combine(Binary.MAXIMUM, position, Pointwise.ZERO), last), List.of(indices)));
    }
}
