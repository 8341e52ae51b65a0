package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Collectives that devices carry out together, so that all that one of them has for another goes in one message: those that
 * follow one another in a program, are of one kind over the same mesh axes, have no memory in common, and are small.
 */
public final class Bundles {
    /** Elements that a device brings to a bundle, unless one alone is more. */
    static final long MOST = Operation.Collective.AT_ONCE;

    private final Program local;
    private final Uses uses;
    private final Mesh mesh;
    private final Sizes sizes;

    /** What collectives must have in common. */
    record Kind(Exchange exchange, List<String> over) {
        static Kind of(Statement statement) {
            Operation.Collective collective = (Operation.Collective) statement.operation();
            return new Kind(collective.exchange(), collective.over());
        }
    }

    /**
     * @param local
     *            a device's program
     * @param sizes
     *            of the whole axes
     */
    Bundles(Program local, Mesh mesh, Sizes sizes) {
        this.local = local;
        this.uses = new Uses(local);
        this.mesh = mesh;
        this.sizes = sizes;
    }

    /** The collectives of a device's program, in their order. */
    public static List<List<Statement>> of(Partition partition) {
        return new Bundles(partition.local(), partition.mesh(), partition.sizes()).all();
    }

    List<List<Statement>> all() {
        List<List<Statement>> bundles = new ArrayList<>();
        List<Statement> open = new ArrayList<>();
        for (Statement statement : local.statements()) {
            if (!(statement.operation() instanceof Operation.Collective)) {
                open = new ArrayList<>();
                continue;
            }
            if (open.isEmpty() || !fits(statement, open)) {
                open = new ArrayList<>();
                bundles.add(open);
            }
            open.add(statement);
        }
        return bundles;
    }

    /** Whether a collective can be carried out with those of a bundle that it follows. */
    boolean fits(Statement next, List<Statement> bundle) {
        Set<Value> held = held(next);
        return Kind.of(bundle.getFirst()).equals(Kind.of(next))
                && bundle.stream().allMatch(statement -> Collections.disjoint(held(statement), held))
                && brought(bundle) + brought(next) <= MOST;
    }

    /** What must not be touched while a collective lasts. */
    private Set<Value> held(Statement collective) {
        return Set.of(uses.root(operand(collective)), uses.root(collective.result()));
    }

    private static Value operand(Statement collective) {
        return collective.operation().operands().getFirst();
    }

    /** Whether a bundle is worth to be begun, whatever may still come: more would be on its way later, and cost no less. */
    boolean isEnough(List<Statement> bundle) {
        return brought(bundle) >= MOST / 2;
    }

    private long brought(List<Statement> collectives) {
        return collectives.stream().mapToLong(this::brought).sum();
    }

    /** Elements of the largest part that a device has of what a collective reads. */
    private long brought(Statement collective) {
        long volume = 1;
        for (Axis axis : operand(collective).axes()) {
            volume *= Math.ceilDiv(sizes.of(axis.whole()), mesh.devices(axis.over()));
        }
        return volume;
    }
}
