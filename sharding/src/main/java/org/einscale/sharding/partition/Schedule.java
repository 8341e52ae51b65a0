package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Sizes;

/**
 * Moves collectives to where they can begin without more memory for long, so that they are on their way while a device
 * computes. A sum is finished as soon as a device has its share of it; where its result is not needed for long, as a gradient's
 * is not, it waits for others to form one of the {@link Bundles}. Parameters are gathered while those gathered before are used.
 */
final class Schedule {
    private final Program local;
    private final Bundles bundles;
    private final Uses uses;
    private final List<Statement> statements = new ArrayList<>();
    private final Map<Value, List<Statement>> sums = new HashMap<>();
    /** Where a device has its share of a sum. */
    private final Map<Value, Integer> shares = new HashMap<>();
    /** Those of the sums that are to come. */
    private final Map<Bundles.Kind, List<Integer>> coming = new HashMap<>();
    private final Map<Integer, List<Statement>> gathers = new HashMap<>();
    private final Set<Statement> moved = new HashSet<>();
    private final Map<Bundles.Kind, Waiting> waiting = new LinkedHashMap<>();
    private int now;

    /** @param end the statement before which sums have to begin that wait for others */
    private record Waiting(Bundles.Kind kind, List<Statement> sums, int end) {}

    private Schedule(Program local, Bundles bundles) {
        this.local = local;
        this.bundles = bundles;
        this.uses = new Uses(local);
    }

    static Program apply(Program local, Mesh mesh, Sizes sizes) {
        return new Schedule(local, new Bundles(local, mesh, sizes)).run();
    }

    private Program run() {
        plan();
        for (now = 0; now < local.statements().size(); now++) {
            List.copyOf(waiting.values()).stream().filter(others -> others.end <= now).forEach(this::begin);
            gathers.getOrDefault(now, List.of()).forEach(this::write);
            Statement statement = local.statements().get(now);
            if (!moved.contains(statement)) {
                write(statement);
            }
        }
        while (!waiting.isEmpty()) {
            begin(waiting.values().iterator().next());
        }
        return local.with(statements);
    }

    private void plan() {
        List<Statement> together = new ArrayList<>();
        int before = Uses.AFTER_ALL;
        for (Statement statement : local.statements()) {
            if (!(statement.operation() instanceof Operation.Collective collective)) {
                continue;
            }
            int made = uses.madeAt(collective.operand());
            if (made >= 0 && sums(collective)) {
                sums.computeIfAbsent(collective.operand(), _ -> new ArrayList<>()).add(statement);
                int share = shares.getOrDefault(collective.operand(), made);
                shares.put(statement.result(), share);
                coming.computeIfAbsent(Bundles.Kind.of(statement), _ -> new ArrayList<>()).add(share);
                moved.add(statement);
            } else if (made < 0 && collective.exchange() == Exchange.ALL_GATHER) {
                if (!together.isEmpty() && !bundles.fits(statement, together)) {
                    before = gather(together, before);
                    together = new ArrayList<>();
                }
                together.add(statement);
            }
        }
        if (!together.isEmpty()) {
            gather(together, before);
        }
    }

    private static boolean sums(Operation.Collective collective) {
        return collective.exchange() == Exchange.ALL_REDUCE || collective.exchange() == Exchange.REDUCE_SCATTER;
    }

    /**
     * Has parameters gathered together.
     *
     * @param before
     *            where those gathered before are used first
     * @return where these are
     */
    private int gather(List<Statement> together, int before) {
        int first = uses.madeAt(together.getFirst().result());
        gathers.computeIfAbsent(Math.min(before, first), _ -> new ArrayList<>()).addAll(together);
        moved.addAll(together);
        return together.stream().mapToInt(statement -> needed(statement.result())).min().orElseThrow();
    }

    private int needed(Value value) {
        return uses.readers(value).stream().mapToInt(i -> i).min().orElse(Uses.AFTER_ALL);
    }

    private void write(Statement statement) {
        statements.add(statement);
        sums.getOrDefault(statement.result(), List.of()).forEach(this::finish);
    }

    /** Finishes a sum of which the device has its share now: at once, or with others that come while there is time. */
    private void finish(Statement sum) {
        Bundles.Kind kind = Bundles.Kind.of(sum);
        Waiting others = waiting.get(kind);
        if (others != null && !bundles.fits(sum, others.sums)) {
            begin(others);
            others = null;
        }
        int needed = Math.min(needed(sum.result()), local.statements().size());
        int half = now + 1 + (needed - now - 1) / 2;
        Waiting all = others == null
                ? new Waiting(kind, List.of(sum), half)
                : new Waiting(kind, Stream.concat(others.sums.stream(), Stream.of(sum)).toList(),
                        Math.min(half, others.end));
        waiting.put(kind, all);
        List<Integer> more = Objects.requireNonNull(coming.get(kind));
        more.remove(shares.get(sum.result()));
        if (bundles.isEnough(all.sums) || more.stream().noneMatch(share -> share < all.end)) {
            begin(all);
        }
    }

    private void begin(Waiting all) {
        if (waiting.remove(all.kind, all)) {
            statements.addAll(all.sums);
            all.sums.stream().flatMap(sum -> sums.getOrDefault(sum.result(), List.of()).stream()).forEach(this::finish);
        }
    }
}
