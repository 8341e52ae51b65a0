package org.einscale.einsum.plan.tape;

import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Statement;

/**
 * Where a run turns to the other devices of a mesh, which make a value together or hand one on. A collective ends at an
 * {@link Arrival}, up to which nothing else touches the places; all else ends here.
 *
 * @param statement
 *            whose operation is a {@link Operation.Collective}, or sends or receives
 * @param from
 *            row-major place of what the device brings
 * @param to
 *            row-major place of the result
 */
public record Meeting(Statement statement, Place from, Place to) implements Stop {

    /** Whether it ends here, and not at an {@link Arrival}. */
    boolean endsHere() {
        return !(statement.operation() instanceof Operation.Collective);
    }

    @Override
    public Meeting meeting() {
        return this;
    }

    @Override
    public void run(long[] base) {
        throw new IllegalStateException(statement + " is made by several devices; run the session on a mesh");
    }
}
