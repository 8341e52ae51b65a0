package org.einscale.einsum.equation;

import java.util.List;
import java.util.Optional;

/**
 * A mistake in an einsum string, or operands that do not fit it. The message says what is wrong, what would be right where that
 * was tried and works, in which dialect the string was read, and draws a caret under the place.
 */
public final class EquationError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Mistakes mistakes;
    private final int position;
    private final String problem;
    private final transient List<Remedy> remedies;

    EquationError(Mistakes mistakes, int position, String problem, List<Remedy> remedies) {
        this.mistakes = mistakes;
        this.position = position;
        this.problem = problem;
        this.remedies = List.copyOf(remedies);
    }

    @Override
    public String getMessage() {
        String text = mistakes.text();
        return "einsum \"" + text + "\": " + problem() + "\n(" + mistakes.reading() + ")\n"
                + CaretLine.under(text, position);
    }

    /** Index of the offending character in the equation. */
    public int position() {
        return position;
    }

    /** What is wrong and the nearest thing that would be right, in one sentence without the equation. */
    public String problem() {
        return problem + remedies.stream().map(Remedy::told).flatMap(Optional::stream).findFirst()
                .map(told -> "; " + told).orElse("");
    }
}
