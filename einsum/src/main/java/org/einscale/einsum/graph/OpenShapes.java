package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.Part;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.run.Options;
import org.einscale.tensor.Axis;

/**
 * Shapes some of whose sizes are -1, known only when a graph runs. Each axis that has such a size and no other stands for
 * itself by a prime number that no known size is, so that an equation can be met with the shapes.
 */
final class OpenShapes {
    /** The size of an axis that is not known. */
    static final long OPEN = -1;
    private static final int FIRST = 61;

    private final Equation equation;
    private final List<long[]> shapes;
    private final Map<String, Integer> known = new HashMap<>();
    private final Map<String, Integer> standIns = new HashMap<>();
    private final Set<Long> taken = new HashSet<>();

    private OpenShapes(Equation equation, Options options, List<long[]> shapes) {
        this.equation = equation;
        this.shapes = shapes;
        known.putAll(options.parts());
        known.values().forEach(size -> taken.add((long) size));
        shapes.forEach(shape -> Arrays.stream(shape).forEach(taken::add));
    }

    /**
     * The binding of an equation.
     *
     * @param binding
     *            in which primes stand for open sizes
     * @param open
     *            axes that have these
     */
    record Met(Binding binding, Set<Axis> open) {}

    /**
     * Meets an equation with shapes.
     *
     * @throws org.einscale.einsum.equation.EquationError
     *             if they do not fit, or the size of a composed axis is open and does not follow from one part
     */
    static Met meet(Equation equation, Options options, List<long[]> shapes) {
        return new OpenShapes(equation, options, shapes).meet(options);
    }

    private Met meet(Options options) {
        List<long[]> whole = new ArrayList<>(shapes);
        if (shapes.size() == equation.operands().size()
                && shapes.stream().flatMapToLong(Arrays::stream).anyMatch(size -> size == OPEN)) {
            whole.clear();
            for (int i = 0; i < shapes.size(); i++) {
                visit(i, this::learn);
            }
            for (int i = 0; i < shapes.size(); i++) {
                long[] shape = shapes.get(i).clone();
                visit(i, (element, operand, dimension, label) -> {
                    if (shape[dimension] == OPEN) {
                        shape[dimension] = size(element, label);
                    }
                });
                whole.add(shape);
            }
        }
        Binding binding = Binding.of(equation, whole, options.parts(), options.broadcasting());
        Set<Axis> open = new HashSet<>();
        binding.sizes().axes().stream().filter(axis -> standIns.containsValue(binding.sizes().of(axis)))
                .forEach(open::add);
        return new Met(binding, open);
    }

    /** What stands at an axis of an operand; an ellipsis is at several, each of which has a label of its own. */
    private interface Visitor {
        void at(Element element, int operand, int dimension, String label);
    }

    private void visit(int operand, Visitor visitor) {
        List<Element> elements = equation.operands().get(operand).elements();
        int rank = shapes.get(operand).length;
        int dimension = 0;
        for (int i = 0; i < elements.size() && dimension < rank; i++) {
            Element element = elements.get(i);
            if (element instanceof Element.Ellipsis) {
                int after = elements.size() - 1 - i;
                for (; dimension < rank - after; dimension++) {
                    visitor.at(element, operand, dimension, element + " " + (rank - after - dimension));
                }
            } else {
                visitor.at(element, operand, dimension++, element.toString());
            }
        }
    }

    /** Keeps what a known size tells: of an ellipsis no 1, which may be stretched. */
    private void learn(Element element, int operand, int dimension, String label) {
        long size = shapes.get(operand)[dimension];
        boolean tells = element instanceof Element.Name || element instanceof Element.Ellipsis && size != 1;
        if (size != OPEN && tells) {
            known.putIfAbsent(label, (int) size);
        }
    }

    private int size(Element element, String label) {
        if (!(element instanceof Element.Group group)) {
            return size(label);
        }
        List<String> unknown = group.elements().stream().map(Element::toString).filter(part -> !known.containsKey(part))
                .toList();
        if (unknown.size() > 1) {
            throw Mistakes.ofOperands(equation).at(group.position(),
                    "the size of '" + group + "' is open, and those of "
                            + String.join(", ", unknown)
                            + "; all but one must be known: expected a placeholder that tells them, or "
                            + "with(\"" + unknown.getFirst() + "\", n)");
        }
        return group.elements().stream().map(Element::toString)
                .mapToInt(this::size)
                .reduce(1, Math::multiplyExact);
    }

    private int size(String label) {
        Integer size = known.get(label);
        return size != null ? size : standIn(label);
    }

    private int standIn(String label) {
        return standIns.computeIfAbsent(label, _ -> {
            int prime = FIRST;
            while (!taken.add((long) prime) || !isPrime(prime)) {
                prime++;
            }
            return prime;
        });
    }

    private static boolean isPrime(int number) {
        for (int i = 2; i * i <= number; i++) {
            if (number % i == 0) {
                return false;
            }
        }
        return true;
    }

    /** The axis of the array of which an open axis is the only open part, and what that is to be divided by. */
    record Source(int dimension, long divisor) {}

    /** Where an operand tells the size of an open axis. */
    static Optional<Source> source(View view, Axis axis) {
        for (int i = 0; i < view.axes().size(); i++) {
            List<Part> parts = view.axes().get(i);
            if (parts.stream().anyMatch(part -> part.axis().filter(axis::equals).isPresent())) {
                long others = parts.stream().filter(part -> !part.axis().equals(Optional.of(axis)))
                        .mapToLong(Part::size).reduce(1, Math::multiplyExact);
                return Optional.of(new Source(i, others));
            }
        }
        return Optional.empty();
    }
}
