package org.einscale.sharding.partition;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * What a device is to do in a run and to hold, by its program alone, before anything is compiled. What it then does is held
 * against this.
 *
 * @param multiplications
 *            in contractions that depend on an input or a state: one for each point of the index space and each operand but
 *            the first
 * @param unmasked
 *            how many of them are done at least; fewer than all where a causal mask lies on an operand or on all that is
 *            read of the result, and where a large value repeats itself
 * @param held
 *            bytes of inputs and states
 * @param memory
 *            bytes that are needed at one time, as in {@link Prediction}, and of copies in another layout of all that one
 *            statement reads and makes
 */
public record Expected(double multiplications, double unmasked, long held, long memory) {

    /**
     * What follows from the program of a device.
     *
     * @param elementBytes
     *            bytes of a number
     */
    public static Expected of(Partition partition, int device, int elementBytes) {
        Program program = partition.local();
        Sizes sizes = partition.sizes(device);
        Map<Value, Double> masked = masked(program, sizes);
        Repeats repeats = new Repeats(program, sizes);
        Set<Value> varying = new HashSet<>(program.inputs());
        varying.addAll(program.states());
        double all = 0;
        double unmasked = 0;
        for (Statement statement : program.statements()) {
            if (statement.operation().meets()
                    || statement.operation().operands().stream().anyMatch(varying::contains)) {
                varying.add(statement.result());
                all += multiplications(statement, sizes);
                if (statement.operation() instanceof Operation.Contract contract) {
                    unmasked += Math
                            .floor(multiplications(contract, repeats.multiplied(contract, statement.result()), sizes)
                                    * share(statement, masked));
                }
            }
        }
        return new Expected(all, unmasked, elementBytes * Prediction.held(program, sizes),
                elementBytes * (Prediction.memory(program, sizes) + copies(program, sizes)));
    }

    /** Elements that the largest statement reads and makes. */
    private static long copies(Program program, Sizes sizes) {
        return program.statements().stream()
                .mapToLong(statement -> Stream
                        .concat(statement.operation().operands().stream(), Stream.of(statement.result()))
                        .mapToLong(value -> sizes.volume(value.axes())).sum())
                .max().orElse(0);
    }

    /** What a device is to exchange in a run. */
    public static Exchanged exchanged(Partition partition, int device) {
        return Stream
                .concat(Bundles.of(partition).stream()
                        .map(bundle -> Exchanged.of(bundle, partition.mesh(), partition.sizes(), device)),
                        partition.local().statements().stream()
                                .map(statement -> linked(statement, partition, device)))
                .reduce(Exchanged.NOTHING, Exchanged::plus);
    }

    /** What goes through a link between stages. */
    private static Exchanged linked(Statement statement, Partition partition, int device) {
        return switch (statement.operation()) {
            case Operation.Send _ -> new Exchanged(volume(statement.result(), partition, device), 0, 1, 0);
            case Operation.Receive _ -> new Exchanged(0, volume(statement.result(), partition, device), 0, 1);
            default -> Exchanged.NOTHING;
        };
    }

    private static long volume(Value value, Partition partition, int device) {
        return Block.of(partition.mesh(), device, value.axes().stream().map(Axis::over).toList(),
                value.axes().stream().mapToInt(axis -> partition.sizes().of(axis.whole())).toArray()).volume();
    }

    /**
     * Multiplications of a statement, 0 unless it is a contraction of several operands.
     *
     * @param sizes
     *            of its axes
     */
    public static double multiplications(Statement statement, Sizes sizes) {
        return statement.operation() instanceof Operation.Contract contract
                ? multiplications(contract, List.copyOf(contract.names().values()), sizes)
                : 0;
    }

    private static double multiplications(Operation.Contract contract, List<Axis> axes, Sizes sizes) {
        return (contract.operands().size() - 1) * sizes.points(axes);
    }

    /** Of the values of which a causal mask may hide a part, the share that it leaves. */
    private static Map<Value, Double> masked(Program program, Sizes sizes) {
        Map<Value, Double> masked = new HashMap<>();
        for (Statement statement : program.statements()) {
            switch (statement.operation()) {
                case Operation.Softmax(Value operand, Axis key, Optional<Axis> query) ->
                    query.ifPresent(q -> mask(List.of(operand, statement.result()), left(sizes, q, key), masked));
                case Operation.SoftmaxGradient(Value y, Value dy, Axis key, Optional<Axis> query) ->
                    query.ifPresent(q -> mask(List.of(y, dy, statement.result()), left(sizes, q, key), masked));
                default -> {
                }
            }
        }
        return masked;
    }

    private static void mask(List<Value> values, double share, Map<Value, Double> masked) {
        values.forEach(value -> masked.merge(value, share, Math::min));
    }

    /** Share of all pairs in which a key is at or before its query, the last of both being at the same place. */
    private static double left(Sizes sizes, Axis query, Axis key) {
        long queries = sizes.of(query);
        long keys = sizes.of(key);
        double left = 0;
        for (long q = 0; q < queries; q++) {
            left += Math.clamp(q + 1 + keys - queries, 0, keys);
        }
        return queries * keys == 0 ? 1 : left / (queries * keys);
    }

    private static double share(Statement statement, Map<Value, Double> masked) {
        double share = masked.getOrDefault(statement.result(), 1.0);
        for (Value operand : statement.operation().operands()) {
            share = Math.min(share, masked.getOrDefault(operand, 1.0));
        }
        return share;
    }
}
