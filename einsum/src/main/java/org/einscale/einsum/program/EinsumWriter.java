package org.einscale.einsum.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Group;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.program.EinsumEllipsis.Place;
import org.einscale.tensor.Axis;

/**
 * Writes an equation over values, whose ranks are known and sizes are not: ellipses become the axes of the values, composed
 * axes are split before the contraction and merged after it.
 */
final class EinsumWriter {
    private final ProgramBuilder builder;
    private final String name;
    private final Equation equation;
    private final List<Value> operands;
    private final Mistakes mistakes;
    private final EinsumEllipsis ellipsis;
    /** By the parts of a composed axis, the axis of an operand that was split into them. */
    private final Map<List<Axis>, Axis> whole = new HashMap<>();

    private EinsumWriter(ProgramBuilder builder, String name, Equation equation, List<Value> operands) {
        this.builder = builder;
        this.name = name;
        this.equation = equation;
        this.operands = operands;
        this.mistakes = mistakes(builder, name, equation, operands);
        this.ellipsis = new EinsumEllipsis(equation, operands, mistakes);
    }

    /**
     * Appends the statements.
     *
     * @param name
     *            of the result
     * @throws EquationError
     *             if the ranks do not fit, ellipses stand for axes of different names, or {@link EinsumLimits} are crossed
     * @throws ProgramError
     *             if an operand does not fit an equation of names alone
     */
    static Value write(ProgramBuilder builder, String name, Equation equation, List<Value> operands) {
        new EinsumLimits(equation, mistakes(builder, name, equation, operands)).check();
        if (equation.plain()) {
            return builder.append(name, equation.output(),
                    new Operation.Contract(operands, equation.inputs(), equation.output()));
        }
        return new EinsumWriter(builder, name, equation, operands).write();
    }

    /** Errors whose remedies must make an equation that can be written. */
    private static Mistakes mistakes(ProgramBuilder builder, String name, Equation equation, List<Value> operands) {
        return Mistakes.of(equation, other -> write(new ProgramBuilder(builder.build()), name, other, operands));
    }

    private Value write() {
        List<Value> values = new ArrayList<>();
        List<List<Axis>> terms = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            values.add(split(i));
            terms.add(ellipsis.operand(i).stream().flatMap(this::elementary).toList());
        }
        List<Element> result = equation.result().elements();
        result.stream().filter(element -> element instanceof Group && axes(element).isEmpty()).findFirst()
                .ifPresent(element -> {
                    throw mistakes.at(element.position(), "'" + element + "' has no parts here; a program's values have"
                            + " no axes of size 1", mistakes.without("remove it", element.position()));
                });
        List<List<Axis>> groups = result.stream().filter(Group.class::isInstance).map(this::axes)
                .filter(axes -> axes.size() > 1).toList();
        List<Axis> output = result.stream().flatMap(element -> axes(element).stream()).toList();
        Value contracted = builder.append(groups.isEmpty() ? name : name + ".parts", output,
                new Operation.Contract(values, terms, output));
        return merge(contracted, groups);
    }

    private Stream<Axis> elementary(Place place) {
        return place.element() instanceof Ellipsis ? Stream.of(place.axis()) : axes(place.element()).stream();
    }

    /** Elementary axes of an element; those of an ellipsis as they are in the result. */
    private List<Axis> axes(Element element) {
        return switch (element) {
            case Name named -> List.of(named.axis());
            case Ellipsis _ -> ellipsis.axes();
            case Group group -> group.elements().stream().flatMap(part -> axes(part).stream()).toList();
            case Element.One _ -> List.of();
        };
    }

    private Value split(int operand) {
        Value value = operands.get(operand);
        for (Place place : ellipsis.operand(operand)) {
            List<Axis> parts = axes(place.element());
            if (place.element() instanceof Group && parts.size() > 1) {
                requireNew(value, place.element(), parts);
                value = builder.split(value, place.axis(), parts);
                whole.putIfAbsent(parts, place.axis());
            }
        }
        return value;
    }

    private void requireNew(Value value, Element group, List<Axis> parts) {
        for (Axis part : parts) {
            if (value.axes().contains(part) || Collections.frequency(parts, part) > 1) {
                throw mistakes.at(group.position(), "'" + group + "' would give '" + value.name() + "' "
                        + Value.text(value.axes()) + " a second axis '" + part + "'",
                        mistakes.renaming("name the part differently", part.name(), ellipsis.newName()));
            }
        }
    }

    private Value merge(Value contracted, List<List<Axis>> groups) {
        Value result = contracted;
        for (int i = 0; i < groups.size(); i++) {
            List<Axis> parts = groups.get(i);
            Axis merged = wholeName(parts, result.axes());
            List<Axis> axes = new ArrayList<>(result.axes());
            List<Axis> replaced = axes.subList(axes.indexOf(parts.getFirst()),
                    axes.indexOf(parts.getFirst()) + parts.size());
            replaced.clear();
            replaced.add(merged);
            result = builder.append(i == groups.size() - 1 ? name : name + ".parts", axes,
                    new Operation.Merge(result, parts, merged));
        }
        return result;
    }

    /** The name of the axis that an operand had for the same parts; else their names in one, as in {@code h_k}. */
    private Axis wholeName(List<Axis> parts, List<Axis> taken) {
        Axis known = whole.get(parts);
        if (known != null && !taken.contains(known)) {
            return known;
        }
        String joined = parts.stream().map(Axis::name).collect(Collectors.joining("_"));
        while (taken.contains(new Axis(joined))) {
            joined += "_";
        }
        return new Axis(joined);
    }
}
