package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.plan.tape.InFlight;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Network;
import org.einscale.sharding.collective.Stage;
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
        for (Statement statement : partition.local().statements()) {
            if (statement.operation() instanceof Operation.Collective) {
                sent += partition.sent(statement, 0);
            } else {
                operations += Math.max(Flops.of(statement, sizes), sizes.points(statement.result().axes()));
            }
        }
        long bytes = sent * elementBytes;
        int rounds = Bundles.of(partition).stream()
                .mapToInt(bundle -> Stage.of(bundle.getFirst(), partition.mesh(), partition.sizes(), 0).size()).sum();
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
        Map<Value, Integer> landed = landed(program, sizes, uses);
        Map<Integer, Long> freed = new HashMap<>();
        long live = held(program, sizes);
        long most = live;
        for (int i = 0; i < program.statements().size(); i++) {
            Value result = program.statements().get(i).result();
            if (uses.root(result).equals(result)) {
                long volume = sizes.volume(result.axes());
                live += volume;
                most = Math.max(most, live);
                int last = Math.max(uses.lastRead(result), landed.getOrDefault(result, i));
                freed.merge(Math.max(i, last), volume, Long::sum);
            }
            live -= freed.getOrDefault(i, 0L);
        }
        return most;
    }

    /** Up to which statement values are held that are on their way, as a plan does it. */
    private static Map<Value, Integer> landed(Program program, Sizes sizes, Uses uses) {
        InFlight<Set<Value>> flights = new InFlight<>();
        Map<Value, Integer> landed = new HashMap<>();
        for (int i = 0; i < program.statements().size(); i++) {
            int now = i;
            Statement statement = program.statements().get(i);
            if (!uses.root(statement.result()).equals(statement.result())) {
                continue;
            }
            Set<Value> touched = Stream
                    .concat(statement.operation().operands().stream(), Stream.of(statement.result())).map(uses::root)
                    .collect(Collectors.toSet());
            List<Set<Value>> ended = new ArrayList<>(flights.use(touched));
            if (statement.operation() instanceof Operation.Collective collective) {
                ended.addAll(flights.begin(touched, sizes.volume(collective.operand().axes()), touched));
            }
            ended.forEach(values -> values.forEach(value -> landed.put(value, now)));
        }
        flights.endAll().forEach(values -> values.forEach(value -> landed.put(value, Uses.AFTER_ALL)));
        return landed;
    }
}
