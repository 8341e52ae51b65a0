package org.einscale.einsum.binding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.einsum.binding.Dimension.Atom;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Remedy;
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

    private final Binder binder;
    private final Mistakes mistakes;
    private final List<long[]> shapes;
    private final List<List<Dimension>> operands;
    private final Map<String, Integer> parts;
    private final Map<Axis, Known> known = new LinkedHashMap<>();

    SizeSolver(Binder binder, List<List<Dimension>> operands) {
        this.binder = binder;
        this.mistakes = binder.mistakes();
        this.shapes = binder.shapes();
        this.operands = operands;
        this.parts = binder.parts();
    }

    /**
     * Sizes of all elementary axes.
     *
     * @throws EquationError
     *             if two disagree or one stays unknown
     */
    Sizes solve(List<Dimension> result) {
        find(result);
        operands.stream().flatMap(List::stream).forEach(dimension -> requireSolved(dimension, result));
        result.forEach(dimension -> requireKnown(dimension, result));
        Map<String, Integer> sizes = new TreeMap<>();
        known.forEach((axis, size) -> sizes.put(axis.name(), size.size()));
        return Sizes.of(sizes);
    }

    /** Finds all sizes that can be told. */
    private void find(List<Dimension> result) {
        operands.stream().flatMap(List::stream).forEach(this::giveParts);
        result.forEach(this::giveParts);
        for (int i = 0; i < operands.size(); i++) {
            for (int j = 0; j < operands.get(i).size(); j++) {
                single(i, j);
            }
        }
        groups();
    }

    private void giveParts(Dimension dimension) {
        for (Atom atom : dimension.atoms()) {
            Integer size = parts.get(atom.label());
            if (size != null) {
                known.put(atom.axis(), new Known(size, -1));
            }
        }
    }

    private void requireKnown(Dimension dimension, List<Dimension> result) {
        for (Atom atom : dimension.atoms()) {
            if (!known.containsKey(atom.axis())) {
                throw mistakes.at(atom.position(),
                        "axis '" + atom.label() + "' is in the output only, so its size must be given",
                        () -> example(result).map(sizes -> "expected one, such as " + sizes));
            }
        }
    }

    private Optional<String> example(List<Dimension> result) {
        return new SizeExample(binder, operands, result).find();
    }

    /** A size that is missing to know the others, empty if none is: what it is called, and what it could be. */
    Optional<Map.Entry<String, List<Integer>>> missing(List<Dimension> result) {
        find(result);
        for (int i = 0; i < operands.size(); i++) {
            for (int j = 0; j < operands.get(i).size(); j++) {
                Dimension dimension = operands.get(i).get(j);
                if (!unknown(dimension).isEmpty()) {
                    return Optional.of(Map.entry(unknown(dimension).getFirst().label(),
                            Divisors.of(size(i, j) / Math.max(1, product(dimension)))));
                }
            }
        }
        return result.stream().flatMap(dimension -> unknown(dimension).stream()).findFirst()
                .map(atom -> Map.entry(atom.label(), List.of(2)));
    }

    private void single(int operand, int index) {
        Dimension dimension = operands.get(operand).get(index);
        long size = size(operand, index);
        if (dimension.atoms().isEmpty() && size != 1) {
            String written = dimension.element().toString();
            int at = dimension.element().position();
            throw mistakes.at(at, "'" + written + "' is " + size + " in operand " + operand + " of shape "
                    + shape(operand),
                    mistakes.replacing("expected size 1, or a name in place of '" + written + "'", at,
                            mistakes.endOfElement(at), mistakes.newName()),
                    Remedy.fact("expected size 1"));
        }
        if (!dimension.single()) {
            return;
        }
        Atom atom = dimension.atoms().getFirst();
        requireSquare(atom, operand, index);
        Known before = known.get(atom.axis());
        boolean stretches = dimension.ofPlainEllipsis() || binder.broadcasting();
        if (before == null || stretches && before.size() == 1 && !before.given()) {
            known.put(atom.axis(), new Known(elementary(atom, operand, size), operand));
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
                throw disagreement(atom, operand, index, new Known((int) size(operand, j), operand));
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
        return mistakes.at(atom.position(),
                axis + " is " + size(operand, index) + " in operand " + operand + " of shape " + shape(operand)
                        + ", but " + before.size() + elsewhere + shape,
                new SizeRemedies(binder, operands).of(operand, index));
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
    }

    private void divide(int operand, int index) {
        Dimension dimension = operands.get(operand).get(index);
        if (dimension.single() || dimension.atoms().isEmpty()) {
            return;
        }
        List<Atom> unknown = unknown(dimension);
        long size = size(operand, index);
        long product = product(dimension);
        if (unknown.isEmpty() && product != size) {
            throw groupError(dimension, operand, size, "but " + knownParts(dimension) + " make " + product,
                    new SizeRemedies(binder, operands).leavingOut(dimension));
        }
        if (unknown.size() != 1 || product == 0 && size == 0) {
            return;
        }
        if (product == 0 || size % product != 0) {
            throw groupError(dimension, operand, size, "which " + knownParts(dimension) + " does not divide",
                    new SizeRemedies(binder, operands).divisors(dimension, size, sizes()));
        }
        Atom part = unknown.getFirst();
        known.put(part.axis(), new Known(elementary(part, operand, size / product), operand));
    }

    /** The size of an axis that is not composed. */
    private int elementary(Atom atom, int operand, long size) {
        if (size > Integer.MAX_VALUE) {
            throw mistakes.at(atom.position(), "axis '" + atom.label() + "' is " + size + " in operand " + operand
                    + " of shape " + shape(operand) + "; expected at most " + Integer.MAX_VALUE);
        }
        return (int) size;
    }

    private void requireSolved(Dimension dimension, List<Dimension> result) {
        List<Atom> unknown = unknown(dimension);
        if (!unknown.isEmpty()) {
            throw mistakes.at(unknown.getFirst().position(), "the sizes of "
                    + unknown.stream().map(atom -> "'" + atom.label() + "'").distinct()
                            .collect(Collectors.joining(" and "))
                    + " in '" + dimension.element() + "' are unknown",
                    () -> example(result).map(sizes -> "give all but one of its parts, such as " + sizes),
                    Remedy.fact("give all but one of its parts"));
        }
    }

    private EquationError groupError(Dimension dimension, int operand, long size, String problem,
            List<Remedy> remedies) {
        return mistakes.at(dimension.element().position(), "'" + dimension.element() + "' is "
                + size + " in operand " + operand + " of shape " + shape(operand) + ", " + problem, remedies);
    }

    private List<Atom> unknown(Dimension dimension) {
        return dimension.atoms().stream().filter(atom -> !known.containsKey(atom.axis())).toList();
    }

    /** Of the known parts, as far as a long goes. */
    private long product(Dimension dimension) {
        long product = 1;
        for (Atom atom : dimension.atoms()) {
            int size = sizeOf(atom, 1);
            product = size > 0 && product > Long.MAX_VALUE / size ? Long.MAX_VALUE : product * size;
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

    private long size(int operand, int index) {
        return shapes.get(operand)[index];
    }

    private String shape(int operand) {
        return Ranks.text(shapes.get(operand));
    }
}
