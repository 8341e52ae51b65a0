package org.einscale.einsum.equation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.einsum.equation.Dimension.Atom;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.jspecify.annotations.Nullable;

/** Finds the sizes of elementary axes from shapes, first of single axes, then of composed ones by division. */
final class SizeSolver {

    /**
     * A size and where it was seen.
     *
     * @param operand
     *            -1 if it was given by name
     */
    private record Known(int size, int operand) {
        boolean given() {
            return operand < 0;
        }
    }

    private final Equation equation;
    private final List<long[]> shapes;
    private final List<List<Dimension>> operands;
    private final Map<String, Integer> parts;
    private final boolean broadcasting;
    private final Map<Axis, Known> known = new LinkedHashMap<>();

    SizeSolver(Equation equation, List<long[]> shapes, List<List<Dimension>> operands, Map<String, Integer> parts,
            boolean broadcasting) {
        this.equation = equation;
        this.shapes = shapes;
        this.operands = operands;
        this.parts = parts;
        this.broadcasting = broadcasting;
    }

    /**
     * Sizes of all elementary axes.
     *
     * @throws EquationError
     *             if two disagree or one stays unknown
     */
    Sizes solve(List<Dimension> result) {
        operands.stream().flatMap(List::stream).forEach(this::giveParts);
        result.forEach(this::giveParts);
        for (int i = 0; i < operands.size(); i++) {
            for (int j = 0; j < operands.get(i).size(); j++) {
                single(i, j);
            }
        }
        groups();
        result.forEach(this::requireKnown);
        Map<String, Integer> sizes = new TreeMap<>();
        known.forEach((axis, size) -> sizes.put(axis.name(), size.size()));
        return Sizes.of(sizes);
    }

    private void giveParts(Dimension dimension) {
        for (Atom atom : dimension.atoms()) {
            Integer size = parts.get(atom.label());
            if (size != null) {
                known.put(atom.axis(), new Known(size, -1));
            }
        }
    }

    private void requireKnown(Dimension dimension) {
        for (Atom atom : dimension.atoms()) {
            if (!known.containsKey(atom.axis())) {
                throw new EquationError(equation.text(), atom.position(), "axis '" + atom.label()
                        + "' is in the output only, so its size must be given; expected one, such as " + atom.label()
                        + "=2");
            }
        }
    }

    private void single(int operand, int index) {
        Dimension dimension = operands.get(operand).get(index);
        int size = size(operand, index);
        if (dimension.atoms().isEmpty() && size != 1) {
            throw new EquationError(equation.text(), dimension.element().position(), "'" + dimension.element()
                    + "' is " + size + " in operand " + operand + " of shape " + shape(operand)
                    + "; expected size 1, or a name in place of '" + dimension.element() + "'");
        }
        if (!dimension.single()) {
            return;
        }
        Atom atom = dimension.atoms().getFirst();
        requireSquare(atom, operand, index);
        Known before = known.get(atom.axis());
        boolean stretches = dimension.ofPlainEllipsis() || broadcasting;
        if (before == null || stretches && before.size() == 1 && !before.given()) {
            known.put(atom.axis(), new Known(size, operand));
        } else if (before.size() != size && !(stretches && size == 1)) {
            throw disagreement(atom, operand, index, before);
        }
    }

    /** Within one operand, sizes of a repeated axis are equal even where others would stretch. */
    private void requireSquare(Atom atom, int operand, int index) {
        for (int j = 0; j < index; j++) {
            Dimension dimension = operands.get(operand).get(j);
            if (dimension.single() && dimension.atoms().getFirst().axis().equals(atom.axis())
                    && size(operand, j) != size(operand, index)) {
                throw disagreement(atom, operand, index, new Known(size(operand, j), operand));
            }
        }
    }

    private Map<Axis, Integer> sizes() {
        return known.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().size()));
    }

    private EquationError disagreement(Atom atom, int operand, int index, Known before) {
        String axis = atom.label().equals("...") ? "an axis of '...'" : "axis '" + atom.label() + "'";
        String elsewhere = before.given() ? " as given" : " in operand " + before.operand();
        String shape = before.given() || before.operand() == operand ? "" : " of shape " + shape(before.operand());
        return new EquationError(equation.text(), atom.position(),
                axis + " is " + size(operand, index) + " in operand " + operand + " of shape " + shape(operand)
                        + ", but " + before.size() + elsewhere + shape
                        + new SizeHint(equation, shapes, operands).of(operand, index, before.size(), sizes()));
    }

    /** Divides until nothing new comes out, then requires that nothing is open. */
    private void groups() {
        int before = -1;
        while (before != known.size()) {
            before = known.size();
            for (int i = 0; i < operands.size(); i++) {
                for (int j = 0; j < operands.get(i).size(); j++) {
                    divide(i, j);
                }
            }
        }
        for (List<Dimension> dimensions : operands) {
            dimensions.forEach(this::requireSolved);
        }
    }

    private void divide(int operand, int index) {
        Dimension dimension = operands.get(operand).get(index);
        if (dimension.single() || dimension.atoms().isEmpty()) {
            return;
        }
        List<Atom> unknown = unknown(dimension);
        int size = size(operand, index);
        long product = product(dimension);
        if (unknown.isEmpty() && product != size) {
            throw groupError(dimension, operand, size, "but " + knownParts(dimension) + " make " + product);
        }
        if (unknown.size() != 1 || product == 0 && size == 0) {
            return;
        }
        if (product == 0 || size % product != 0) {
            throw groupError(dimension, operand, size,
                    "which " + knownParts(dimension) + " does not divide" + Divisors.hint(size, product));
        }
        known.put(unknown.getFirst().axis(), new Known(Math.toIntExact(size / product), operand));
    }

    private void requireSolved(Dimension dimension) {
        List<Atom> unknown = unknown(dimension);
        if (!unknown.isEmpty()) {
            Atom open = unknown.getFirst();
            throw new EquationError(equation.text(), open.position(), "the sizes of "
                    + unknown.stream().map(atom -> "'" + atom.label() + "'").distinct()
                            .collect(Collectors.joining(" and "))
                    + " in '" + dimension.element() + "' are unknown; give all but one of its parts, such as "
                    + open.label() + "=2");
        }
    }

    private EquationError groupError(Dimension dimension, int operand, int size, String problem) {
        return new EquationError(equation.text(), dimension.element().position(), "'" + dimension.element() + "' is "
                + size + " in operand " + operand + " of shape " + shape(operand) + ", " + problem);
    }

    private List<Atom> unknown(Dimension dimension) {
        return dimension.atoms().stream().filter(atom -> !known.containsKey(atom.axis())).toList();
    }

    private long product(Dimension dimension) {
        long product = 1;
        for (Atom atom : dimension.atoms()) {
            product *= sizeOf(atom, 1);
        }
        return product;
    }

    private int sizeOf(Atom atom, int otherwise) {
        @Nullable
        Known size = known.get(atom.axis());
        return size == null ? otherwise : size.size();
    }

    private String knownParts(Dimension dimension) {
        List<String> texts = new ArrayList<>();
        for (Atom atom : dimension.atoms()) {
            if (known.containsKey(atom.axis())) {
                texts.add(atom.label() + "=" + sizeOf(atom, 1));
            }
        }
        return String.join(", ", texts);
    }

    private int size(int operand, int index) {
        return Math.toIntExact(shapes.get(operand)[index]);
    }

    private String shape(int operand) {
        return Ranks.text(shapes.get(operand));
    }
}
