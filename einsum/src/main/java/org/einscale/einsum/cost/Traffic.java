package org.einscale.einsum.cost;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Execution.Memory;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;

/**
 * Bytes that statements of a program read and write: of each operand and of the result, every tensor counted once a
 * statement, and whole. Values that stay in registers take none.
 */
public final class Traffic {
    private final Set<Value> registers;
    private final Sizes sizes;
    private final Precision precision;

    /**
     * @param sizes
     *            of all axes, those that follow from others too
     */
    public Traffic(Program program, Sizes sizes, Precision precision) {
        this.registers = program.statements().stream()
                .filter(statement -> statement.execution().memory() instanceof Memory.Registers).map(Statement::result)
                .collect(Collectors.toSet());
        this.sizes = sizes;
        this.precision = precision;
    }

    public double read(Statement statement) {
        return new HashSet<>(statement.operation().operands()).stream().mapToDouble(this::bytes).sum();
    }

    public double written(Statement statement) {
        return bytes(statement.result());
    }

    private double bytes(Value value) {
        return registers.contains(value) ? 0 : sizes.points(value.axes()) * precision.bytes();
    }
}
