package org.einscale.einsum.equation;

/** A mistake in an einsum string, or operands that do not fit it. The message says what is wrong and draws a caret under the place. */
public final class EquationError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final String problem;

    /**
     * @param equation
     *            the whole string
     * @param position
     *            index of the offending character; at most the string's length
     * @param problem
     *            one sentence: what was found and what was expected
     */
    public EquationError(String equation, int position, String problem) {
        super("einsum \"" + equation + "\": " + problem + "\n    " + oneLine(equation) + "\n    "
                + " ".repeat(Columns.of(equation.substring(0, position))) + "^");
        this.position = position;
        this.problem = problem;
    }

    private static String oneLine(String equation) {
        return equation.replaceAll("\\s", " ");
    }

    /** Index of the offending character in the equation. */
    public int position() {
        return position;
    }

    /** What is wrong, in one sentence without the equation. */
    public String problem() {
        return problem;
    }
}
