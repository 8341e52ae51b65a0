package org.einscale.einsum.plan.tape;

import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.tensor.Precision;

/** A body where its tensors are. */
public record LoopStep(LoopBody body, Address a, Address b, Address c, boolean add) implements Step {

    /** A body over a single operand, which makes the result. */
    public static LoopStep of(LoopBody body, Place from, Place to, Precision precision) {
        Address operand = from.address(precision);
        return new LoopStep(body, operand, operand, to.address(precision), false);
    }

    @Override
    public void run(long[] base) {
        body.run(base, a.in(base), b.in(base), c.in(base), add);
    }
}
