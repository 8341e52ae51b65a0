package org.einscale.sharding.partition;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Passes;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.collective.Piece;
import org.einscale.sharding.collective.Stage;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * A program as each device of a mesh runs it.
 *
 * @param whole
 *            the program for one device, of operations of few kinds
 * @param sizes
 *            of all its axes
 * @param local
 *            what every device runs; axes that are split go by names of their own, whose sizes are {@link #sizes(int)}
 * @param values
 *            what a device calls inputs, states and outputs of the whole program
 * @param shardings
 *            how these are split
 * @param decisions
 *            why the collectives are there, in the order in which they were written
 * @param choices
 *            how devices share each statement of the whole program, in their order
 */
public record Partition(Program whole, Sizes sizes, Mesh mesh, Program local, Map<Value, Value> values,
        Map<Value, Sharding> shardings, List<Decision> decisions, List<Choice> choices) {

    /** Begins, split over mesh axes, at the position of a device along these. No axis of a program is called so. */
    static final Axis DEVICE = new Axis("device");

    public Partition {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        shardings = Collections.unmodifiableMap(new LinkedHashMap<>(shardings));
        decisions = List.copyOf(decisions);
        choices = List.copyOf(choices);
    }

    /**
     * Splits a program by rules.
     *
     * @param optimizerStates
     *            states that are no parameters
     * @throws org.einscale.sharding.ShardingError
     *             if a rule cannot hold
     */
    public static Partition of(Program program, Context context, Splitting splitting, Set<Value> optimizerStates) {
        Rules rules = splitting.rules();
        Program whole = Passes.apply(Passes.SIMPLER, program, context);
        Sizes given = SizeInference.infer(whole, context.sizes());
        // A rule that cannot hold is refused for a value that the caller knows, if it concerns one.
        whole.inputs().forEach(input -> rules.of(input, given));
        Program apart = new RowsApart(rules).apply(whole, context);
        Program simple = Passes.apply(Passes.SIMPLER, apart, context);
        Sizes sizes = SizeInference.infer(simple, context.sizes());
        Set<Value> gatheredAnew = splitting.keepsParameters() ? Set.of() : Set.copyOf(simple.states());
        return new Partitioner(simple, sizes, rules.mesh(), new Homes(simple, sizes, rules, optimizerStates),
                gatheredAnew, splitting.network(), context.precision().bytes(), Optional.empty()).best();
    }

    /**
     * Splits a program of one contraction in the best of all ways. What is sent may go by way of shardings over factors of the
     * mesh axes, if that is better: the partition then is one over a mesh of prime factors.
     *
     * @param declared
     *            how inputs are split and how the output is to be; either may be an unfinished sum
     * @param network
     *            {@link Network#BYTES} for least bytes among ways in which no device multiplies more than the declared
     *            shardings alone ask for
     */
    public static Partition exhaustive(Program program, Context context, SubAxes mesh, Map<Value, Sharding> declared,
            Network network) {
        Sizes sizes = SizeInference.infer(program, context.sizes());
        Partition best = null;
        double least = Double.POSITIVE_INFINITY;
        for (SubAxes cut : new LinkedHashSet<>(List.of(mesh, mesh.primes(true), mesh.primes(false)))) {
            Map<Value, Sharding> homes = new LinkedHashMap<>();
            declared.forEach((value, sharding) -> homes.put(value,
                    new Sharding(sharding.split().stream().map(cut::expand).toList(),
                            new TreeSet<>(cut.expand(List.copyOf(sharding.partial()))))));
            List<List<String>> units = mesh.mesh().axes().keySet().stream().map(axis -> cut.expand(List.of(axis)))
                    .toList();
            Partition found = new Partitioner(program, sizes, cut.mesh(), new Homes(homes), Set.of(), network,
                    context.precision().bytes(), Optional.of(units)).run();
            Prediction prediction = Prediction.of(found, network, context.precision().bytes());
            double time = network.time(prediction.operations(), found.bytes(), prediction.rounds());
            if (best == null || time < least) {
                best = found;
                least = time;
            }
            if (best.sent() == 0) {
                return best;
            }
        }
        return Objects.requireNonNull(best);
    }

    /** Sizes of all axes of a device's program, and where those parts begin of which it asks that. */
    public Sizes sizes(int device) {
        Set<Axis> starts = Starts.asked(local);
        Sizes all = sizes;
        Set<Axis> axes = new LinkedHashSet<>();
        local.values().forEach(value -> axes.addAll(value.axes()));
        for (Axis axis : axes) {
            if (!axis.over().isEmpty()) {
                int whole = sizes.of(axis.whole());
                int parts = mesh.devices(axis.over());
                int position = mesh.position(device, axis.over());
                int start = Block.start(whole, parts, position);
                int size = Block.start(whole, parts, position + 1) - start;
                all = starts.contains(axis) ? all.with(axis, size, start) : all.with(axis, size);
            }
        }
        for (Axis axis : starts) {
            if (axis.whole().equals(DEVICE)) {
                all = all.with(axis, 1, mesh.position(device, axis.over()));
            }
        }
        return all;
    }

    /** Mesh axes of several devices that split nothing, so that devices along them all do the same. */
    public List<String> idle() {
        Set<String> used = local.values().stream().flatMap(value -> value.axes().stream())
                .flatMap(axis -> axis.over().stream()).collect(Collectors.toSet());
        return mesh.axes().keySet().stream().filter(axis -> mesh.size(axis) > 1 && !used.contains(axis)).toList();
    }

    /** Statements in which devices exchange something, in their order. */
    public List<Statement> collectives() {
        return local.statements().stream().filter(s -> s.operation() instanceof Operation.Collective).toList();
    }

    /** Elements that a device sends in a collective. */
    public long sent(Statement collective, int device) {
        return Stage.of(collective, mesh, sizes, device).stream().flatMap(stage -> stage.sent(device).stream())
                .mapToLong(Piece::sent).sum();
    }

    /** Elements that all devices together send in a run. */
    public long sent() {
        return collectives().stream()
                .mapToLong(c -> IntStream.range(0, mesh.devices()).mapToLong(d -> sent(c, d)).sum()).sum();
    }

    /** Bytes that the busiest device sends in a collective, numbers taking 4 each. */
    public long bytes(Statement collective) {
        return Float.BYTES * IntStream.range(0, mesh.devices()).mapToLong(d -> sent(collective, d)).max().orElse(0);
    }

    /** Bytes that the busiest devices send in all collectives. */
    public long bytes() {
        return collectives().stream().mapToLong(this::bytes).sum();
    }

    /** What a device calls an input, state or output. */
    public Value local(Value value) {
        return Objects.requireNonNull(values.get(value), () -> value + " is no input, state or output");
    }

    public Sharding sharding(Value value) {
        return Objects.requireNonNull(shardings.get(value), () -> value + " is no input, state or output");
    }

    /**
     * How an input, a state or what a statement makes is split when it is there first.
     *
     * @throws IllegalArgumentException
     *             if the whole program has no such value
     */
    public Sharding held(Value value) {
        return choices.stream().filter(choice -> choice.statement().result().equals(value)).map(Choice::made)
                .findFirst()
                .or(() -> Optional.ofNullable(shardings.get(value)))
                .orElseThrow(() -> new IllegalArgumentException(value + " is not of the program"));
    }

    /** What a device has of an input, state or output. */
    public Block block(Value value, int device) {
        return Block.of(mesh, device, sharding(value).split(), value.axes().stream().mapToInt(sizes::of).toArray());
    }
}
