package org.einscale.einsum.equation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.tensor.Axis;

/** What a person probably meant who gave an operand of the wrong size. */
record SizeHint(Equation equation, List<long[]> shapes, List<List<Dimension>> operands) {

    /**
     * The end of a message about an axis of an operand.
     *
     * @param other
     *            the size that the axis has elsewhere
     * @param known
     *            sizes seen so far
     */
    String of(int operand, int index, int other, Map<Axis, Integer> known) {
        boolean one = other == 1 || shapes.get(operand)[index] == 1;
        String otherwise = one
                ? "; size 1 stretches to others only if broadcasting is switched on"
                : "; expected one size, or two names";
        return repeated(operand, index)
                ? "; expected one size, or two names"
                : fittingTerm(operand, index, known).map(term -> "; its shape would fit the term '" + term + "'")
                        .orElse(otherwise);
    }

    private boolean repeated(int operand, int index) {
        Axis axis = axis(operand, index);
        return operands.get(operand).stream().flatMap(d -> d.atoms().stream()).filter(a -> a.axis().equals(axis))
                .count() > 1;
    }

    /** The term with the axis and another changing places, if that fits all sizes seen so far. */
    private Optional<String> fittingTerm(int operand, int index, Map<Axis, Integer> known) {
        List<Dimension> dimensions = operands.get(operand);
        if (!equation.operands().get(operand).elements().stream().allMatch(Element.Name.class::isInstance)) {
            return Optional.empty();
        }
        Map<Axis, Integer> before = known.entrySet().stream()
                .filter(e -> seenElsewhere(e.getKey(), operand))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<Integer> order = new ArrayList<>(IntStream.range(0, dimensions.size()).boxed().toList());
        for (int j = 0; j < order.size(); j++) {
            Collections.swap(order, index, j);
            if (j != index && fits(operand, order, before)) {
                String separator = equation.dialect() == Dialect.LETTERS ? "" : " ";
                return Optional.of(order.stream().map(k -> axis(operand, k).name())
                        .collect(Collectors.joining(separator)));
            }
            Collections.swap(order, index, j);
        }
        return Optional.empty();
    }

    private boolean seenElsewhere(Axis axis, int operand) {
        return IntStream.range(0, operand).anyMatch(
                i -> operands.get(i).stream().flatMap(d -> d.atoms().stream()).anyMatch(a -> a.axis().equals(axis)));
    }

    private boolean fits(int operand, List<Integer> order, Map<Axis, Integer> known) {
        return IntStream.range(0, order.size()).allMatch(j -> {
            Integer size = known.get(axis(operand, order.get(j)));
            return size == null || size == shapes.get(operand)[j];
        });
    }

    private Axis axis(int operand, int index) {
        return operands.get(operand).get(index).atoms().getFirst().axis();
    }
}
