package org.einscale.einsum.program;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a device runs a statement. Passes decide it; it changes where and how often something is computed, never what.
 *
 * @param once
 *            whether the result is the same in every run, so that only the first computes it
 * @param block
 *            statements that follow one another with the same number run together: maps element by element, others one part
 *            of their batch after the other
 * @param memory
 *            where the result is
 */
public record Execution(boolean once, OptionalInt block, Memory memory) {

    /** Every run computes the result, in a step of its own, in memory of its own. */
    public static final Execution PLAIN = new Execution(false, OptionalInt.empty(), new Memory.Own());

    /** Where a result is. */
    public sealed interface Memory {

        /** In memory of its own. A view is where its operand is, if the operand's layout allows it. */
        record Own() implements Memory {}

        /** In place of another value of the same axes that nothing reads any more. */
        record Over(Value value) implements Memory {}

        /** Nowhere: only statements of its own block read it, element by element. */
        record Registers() implements Memory {}
    }

    public Execution onlyOnce() {
        return new Execution(true, block, memory);
    }

    public Execution in(int block) {
        return new Execution(once, OptionalInt.of(block), memory);
    }

    public Execution at(Memory memory) {
        return new Execution(once, block, memory);
    }

    /** The value whose memory the result takes over. */
    public Optional<Value> over() {
        return memory instanceof Memory.Over(Value value) ? Optional.of(value) : Optional.empty();
    }

    /** What a person reads behind the statement; nothing for a plain one. */
    @Override
    public String toString() {
        String where = switch (memory) {
            case Memory.Own _ -> "";
            case Memory.Over(Value value) -> ", over " + value.reference();
            case Memory.Registers _ -> ", in registers";
        };
        return (once ? ", once" : "") + where;
    }
}
