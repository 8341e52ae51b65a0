package org.einscale.sharding.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.pass.Uses;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Network;
import org.einscale.tensor.Sizes;

/**
 * What the first device of a mesh is expected to do in a run; with even parts, all do the same.
 *
 * @param operations
 *            floating-point operations, and elements that are written without any
 * @param bytes
 *            sent to others
 * @param rounds
 *            exchanges that wait for one another
 * @param memory
 *            bytes of inputs and states, and of the most other values that are needed at one time, if none took over the
 *            memory of another
 * @param seconds
 *            that a network gives to these
 */
public record Prediction(double operations, long bytes, int rounds, long memory, double seconds) {

    /**
     * Predicts a run.
     *
     * @param elementBytes
     *            bytes of a number
     */
    public static Prediction of(Partition partition, Network network, int elementBytes) {
        Sizes sizes = partition.sizes(0);
        double operations = 0;
        long sent = 0;
        int rounds = 0;
        for (Statement statement : partition.local().statements()) {
            if (statement.operation() instanceof Operation.Collective collective) {
                sent += partition.sent(statement, 0);
                rounds += collective.exchange() == Exchange.ALL_REDUCE ? 2 : 1;
            } else {
                operations += Math.max(Flops.of(statement, sizes), sizes.points(statement.result().axes()));
            }
        }
        long bytes = sent * elementBytes;
        return new Prediction(operations, bytes, rounds, memory(partition.local(), sizes) * elementBytes,
                network.time(operations, bytes, rounds));
    }

    /** Elements of inputs and states. */
    static long held(Program program, Sizes sizes) {
        return Stream.concat(program.inputs().stream(), program.states().stream())
                .mapToLong(value -> sizes.volume(value.axes())).sum();
    }

    /** Elements that are needed at one time, as in {@link #memory()}. */
    public static long memory(Program program, Sizes sizes) {
        Uses uses = new Uses(program);
        Map<Integer, Long> freed = new HashMap<>();
        long live = held(program, sizes);
        long most = live;
        for (int i = 0; i < program.statements().size(); i++) {
            Value result = program.statements().get(i).result();
            if (uses.root(result).equals(result)) {
                long volume = sizes.volume(result.axes());
                live += volume;
                most = Math.max(most, live);
                freed.merge(Math.max(i, uses.lastRead(result)), volume, Long::sum);
            }
            live -= freed.getOrDefault(i, 0L);
        }
        return most;
    }
}
