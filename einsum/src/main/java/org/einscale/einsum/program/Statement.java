package org.einscale.einsum.program;

/**
 * One line of a {@link Program}: {@code result = operation}. Every value is the result of at most one statement.
 *
 * @param execution
 *            how a device goes about it
 */
public record Statement(Value result, Operation operation, Execution execution) {

    /** A statement about which nothing is decided yet. */
    public Statement(Value result, Operation operation) {
        this(result, operation, Execution.PLAIN);
    }

    /** The same statement, run in another way. */
    public Statement with(Execution execution) {
        return new Statement(result, operation, execution);
    }

    /** As a layer's strings say it: {@code y#2[b l f] = einsum('b l d, d f -> b l f', x#0, w#1), over z#3}. */
    @Override
    public String toString() {
        return result + " = " + Notation.of(operation, result.axes()) + execution;
    }
}
