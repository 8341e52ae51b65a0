package org.einscale.einsum.plan.tape;

import org.einscale.einsum.plan.memory.Address;

/** A body where its tensors are; with a single operand, {@code b} is that too. */
public record LoopStep(LoopBody body, Address a, Address b, Address c, boolean add) implements Step {

    @Override
    public void run(long[] base) {
        body.run(base, a.in(base), b.in(base), c.in(base), add);
    }
}
