package org.einscale.einsum.pass;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.program.Execution.Memory;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/** Has maps that follow one another over the same axes computed together, element by element; what only they read is never stored. */
public final class FuseMaps implements Pass {
    /** Values that maps computed together may have between them. */
    public static final int MOST_VALUES = 341;

    @Override
    public String description() {
        return "joins neighbouring maps into one loop over their elements";
    }

    @Override
    public Program apply(Program program, Context context) {
        Uses uses = new Uses(program);
        return Blocks.join(program, (block, next) -> joins(block, next, uses),
                (block, start, number) -> block.stream().map(statement -> {
                    Statement together = statement.with(statement.execution().in(number));
                    return staysInside(statement, start, start + block.size(), uses)
                            ? together.with(together.execution().at(new Memory.Registers()))
                            : together;
                }).toList());
    }

    private static boolean staysInside(Statement statement, int start, int end, Uses uses) {
        return uses.readers(statement.result()).stream().allMatch(reader -> start <= reader && reader < end);
    }

    private static boolean joins(List<Statement> block, Statement next, Uses uses) {
        if (!(next.operation() instanceof Operation.Map map)) {
            return false;
        }
        if (block.isEmpty()) {
            return true;
        }
        Statement first = block.getFirst();
        Set<Value> made = new HashSet<>();
        block.forEach(statement -> made.add(statement.result()));
        int values = mostValues(map) + block.stream()
                .mapToInt(statement -> statement.operation() instanceof Operation.Map m ? mostValues(m) : 0).sum();
        return first.result().axes().equals(next.result().axes())
                && first.execution().once() == next.execution().once() && values <= MOST_VALUES
                && map.operands().stream()
                        .allMatch(operand -> made.contains(operand) || !made.contains(uses.root(operand)));
    }

    /** The most values that a map can need: its operands, its result, its functions and the constants between them. */
    private static int mostValues(Operation.Map map) {
        return map.operands().size() + 2 + 2 * map.expression().operations();
    }
}
