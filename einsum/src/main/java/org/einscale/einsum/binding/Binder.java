package org.einscale.einsum.binding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Dimension.Atom;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Remedy;
import org.einscale.einsum.equation.Term;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;

/** An equation meeting shapes: checks what was given, writes out ellipses, finds sizes, and says what each array is made of. */
record Binder(Equation equation, List<long[]> shapes, Map<String, Integer> parts, boolean broadcasting) {

    Binding bind() {
        checkParts();
        checkNumberOfOperands();
        checkSizes();
        Expansion expansion = new Expansion(equation, new Ranks(this));
        List<List<Dimension>> operands = IntStream.range(0, shapes.size()).mapToObj(expansion::operand).toList();
        List<Dimension> result = expansion.result();
        Sizes sizes = new SizeSolver(this, operands).solve(result);
        List<View> views = IntStream.range(0, shapes.size())
                .mapToObj(i -> operandView(operands.get(i), shapes.get(i), sizes)).toList();
        return new Binding(equation, views, resultView(result, sizes), sizes);
    }

    /** Errors whose remedies must fit the shapes. */
    Mistakes mistakes() {
        return Mistakes.of(equation, other -> new Binder(other, shapes, parts, broadcasting).bind());
    }

    /** The same with other sizes by name. */
    Binder with(Map<String, Integer> others) {
        return new Binder(equation, shapes, others, broadcasting);
    }

    /** The same where size 1 stretches. */
    Binder stretching() {
        return new Binder(equation, shapes, parts, true);
    }

    private void checkParts() {
        Set<String> names = Stream.concat(equation.operands().stream(), Stream.of(equation.result()))
                .flatMap(Term::names).map(Name::axis).map(axis -> axis.name())
                .collect(Collectors.toCollection(TreeSet::new));
        parts.forEach((name, size) -> {
            if (!names.contains(name)) {
                Optional<String> near = Nearest.to(name, names);
                List<Remedy> remedies = new ArrayList<>();
                near.ifPresent(n -> remedies.add(renamed(name, n)));
                remedies.add(Remedy.fact("its axes are " + String.join(", ", names)));
                throw mistakes().at(near.map(this::position).orElse(0),
                        "a size was given for '" + name + "', which is no axis of it", remedies);
            }
            if (size < 0) {
                throw mistakes().at(position(name),
                        "the size given for axis '" + name + "' is " + size + "; expected 0 or more");
            }
        });
    }

    private Remedy renamed(String from, String to) {
        Map<String, Integer> others = new LinkedHashMap<>(parts);
        others.remove(from);
        boolean taken = others.containsKey(to);
        return taken
                ? Optional::empty
                : Remedy.trying("did you mean '" + to + "'?", () -> {
                    others.put(to, parts.get(from));
                    with(others).bind();
                });
    }

    private int position(String name) {
        return Stream.concat(equation.operands().stream(), Stream.of(equation.result())).flatMap(Term::names)
                .filter(n -> n.axis().name().equals(name)).findFirst().orElseThrow().position();
    }

    private void checkNumberOfOperands() {
        int terms = equation.operands().size();
        if (shapes.size() != terms) {
            int at = shapes.size() < terms
                    ? equation.operands().get(shapes.size()).start()
                    : equation.text().length();
            throw mistakes().at(at, "it has " + terms + (terms == 1 ? " term" : " terms")
                    + ", but " + shapes.size() + (shapes.size() == 1 ? " operand was given" : " operands were given"));
        }
    }

    private void checkSizes() {
        for (int i = 0; i < shapes.size(); i++) {
            for (long size : shapes.get(i)) {
                if (size < 0) {
                    throw mistakes().at(equation.operands().get(i).start(), "operand " + i
                            + " of shape " + Ranks.text(shapes.get(i)) + " has an axis of size " + size
                            + "; expected 0 or more");
                }
            }
        }
    }

    private static View operandView(List<Dimension> dimensions, long[] shape, Sizes sizes) {
        return new View(IntStream.range(0, shape.length).mapToObj(j -> {
            Dimension dimension = dimensions.get(j);
            boolean stretched = dimension.single() && shape[j] != sizes.of(dimension.atoms().getFirst().axis());
            return stretched ? List.of(Part.ONE) : parts(dimension, sizes);
        }).toList());
    }

    private static View resultView(List<Dimension> dimensions, Sizes sizes) {
        return new View(dimensions.stream().map(dimension -> parts(dimension, sizes)).toList());
    }

    private static List<Part> parts(Dimension dimension, Sizes sizes) {
        if (dimension.atoms().isEmpty()) {
            return List.of(Part.ONE);
        }
        return dimension.atoms().stream().map(Atom::axis).map(axis -> new Part(Optional.of(axis), sizes.of(axis)))
                .toList();
    }
}
