package org.einscale.bench.einsum;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A contraction to be timed.
 *
 * @param name what it is within its group
 * @param equation in letters, for row-major arrays, with an arrow
 * @param shapes of the operands
 * @param path pairs of positions in the list of operands left, results appended, flattened; empty for left to right
 */
public record EinsumCase(Group group, String name, CallKind kind, String equation, List<List<Long>> shapes,
        List<Long> path) {
    /** Operations of forward and backward for every one forward: a contraction for each of the two operands. */
    private static final int WITH_GRADIENTS = 3;

    /** Throws IllegalArgumentException if the shapes do not fit the equation. */
    public EinsumCase {
        shapes = shapes.stream().map(List::copyOf).toList();
        path = List.copyOf(path);
        Labels.of(equation, shapes);
    }

    /** Labels and sizes. */
    Labels labels() {
        return Labels.of(equation, shapes);
    }

    /** Extents of an operand. */
    public long[] shape(int operand) {
        return shapes.get(operand).stream().mapToLong(Long::longValue).toArray();
    }

    /** Extents of the result. */
    public long[] resultShape() {
        Labels labels = labels();
        return labels.shape(labels.output());
    }

    /** Floating-point operations of a run, for two operands and something to do; of more, they depend on the path. */
    OptionalDouble flops() {
        double forward = labels().pairFlops();
        if (shapes.size() != 2 || forward == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(kind == CallKind.GRADIENTS ? WITH_GRADIENTS * forward : forward);
    }

    /** Shapes as in "2x3, 3x4". */
    String sizes() {
        return shapes.stream().map(s -> s.stream().map(String::valueOf).collect(Collectors.joining("x")))
                .collect(Collectors.joining(", "));
    }

    /** Group, name and equation: what {@code --cases} searches. */
    @Override
    public String toString() {
        return group + " " + name + " " + equation;
    }
}
