package org.einscale.einsum.program;

/** One line of a {@link Program}: {@code result = operation}. Every value is the result of at most one statement. */
public record Statement(Value result, Operation operation) {
    @Override
    public String toString() {
        return result + " = " + operation;
    }
}
