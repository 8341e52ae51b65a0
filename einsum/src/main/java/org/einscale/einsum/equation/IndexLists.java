package org.einscale.einsum.equation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An einsum written as lists of numbers, as NumPy takes it: {@code Equation.indices().operand(0, 1).operand(1,
 * 2).output(0, 2)}. Number n is the axis {@code in} of the equation; {@link Equation#ELLIPSIS} stands for an ellipsis.
 * Immutable: each method returns a longer one.
 */
public final class IndexLists {
    private final List<int[]> operands;

    IndexLists() {
        this(List.of());
    }

    private IndexLists(List<int[]> operands) {
        this.operands = operands;
    }

    /**
     * Adds an operand's axes, outermost first; none for a scalar.
     *
     * @throws IllegalArgumentException
     *             if a number is negative and not {@link Equation#ELLIPSIS}
     */
    public IndexLists operand(int... indices) {
        List<int[]> more = new ArrayList<>(operands);
        more.add(checked(indices).clone());
        return new IndexLists(more);
    }

    /**
     * The einsum with this output.
     *
     * @throws IllegalArgumentException
     *             if there are no operands, or a number is negative and not {@link Equation#ELLIPSIS}
     * @throws EquationError
     *             if the output has a number that no operand has, or a list has two ellipses
     */
    public Equation output(int... indices) {
        if (operands.isEmpty()) {
            throw new IllegalArgumentException("an einsum without operands; expected at least one list of indices");
        }
        return Equation.words(
                operands.stream().map(IndexLists::term).collect(Collectors.joining(", ")) + " -> "
                        + term(checked(indices)));
    }

    /** The einsum whose output is the ellipsis, then the numbers that occur once, in ascending order. */
    public Equation implicitOutput() {
        int[] all = operands.stream().flatMapToInt(Arrays::stream).sorted().toArray();
        IntStream once = Arrays.stream(all).filter(n -> n >= 0 && Arrays.stream(all).filter(m -> m == n).count() == 1);
        boolean ellipsis = Arrays.stream(all).anyMatch(n -> n == Equation.ELLIPSIS);
        return output(IntStream.concat(ellipsis ? IntStream.of(Equation.ELLIPSIS) : IntStream.empty(), once).toArray());
    }

    private static int[] checked(int[] indices) {
        for (int index : indices) {
            if (index < 0 && index != Equation.ELLIPSIS) {
                throw new IllegalArgumentException("index " + index + " in " + Arrays.toString(indices)
                        + "; expected 0 or more, or Equation.ELLIPSIS");
            }
        }
        return indices;
    }

    private static String term(int[] indices) {
        return Arrays.stream(indices).mapToObj(n -> n == Equation.ELLIPSIS ? "..." : "i" + n)
                .collect(Collectors.joining(" "));
    }
}
