package org.einscale.trainer.layer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.Part;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Term;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * An einsum of a step. Its names stand for the operands' axes position by position; those of the output, and those of parts
 * of composed axes, are the axes that the layer calls so.
 */
record LayerEinsum(ProgramBuilder builder, String name, Equation equation, List<Value> operands, AxisScope axes,
        AxisNames names) {

    /**
     * Appends the statements.
     *
     * @throws EquationError if ranks or sizes do not fit, at the place
     */
    Value write() {
        new ProgramBuilder().einsum(name, equation, operands);
        Stream.concat(equation.operands().stream(), Stream.of(equation.result())).flatMap(Term::names)
                .forEach(label -> names.reserve(label.axis().name()));
        boolean sized = operands.stream().flatMap(operand -> operand.axes().stream()).allMatch(names.sizes()::has);
        return sized
                ? sized(bind())
                : builder.einsum(name, equation.renamed(meaning(label -> axes.named(text(label)))),
                        operands);
    }

    private Value sized(Binding binding) {
        Value result = builder.einsum(name,
                equation.renamed(meaning(label -> made(label, binding.sizes().of(label.axis())))), operands);
        for (int i = 0; i < result.axes().size(); i++) {
            long size = binding.result().axes().get(i).stream().mapToLong(Part::size).reduce(1, Math::multiplyExact);
            settleMerged(result.axes().get(i), Math.toIntExact(size));
        }
        return result;
    }

    /** An axis that the einsum merged from parts has a name of the einsum's choice. */
    private void settleMerged(Axis axis, int size) {
        boolean free = names.sizes().has(axis)
                ? names.sizes().of(axis) == size
                : names.made(axis.name(), size).equals(axis);
        if (!free) {
            throw error(equation.result().elements().getFirst(), "an axis of size " + size + " would be called '" + axis
                    + "' like another of another size; use split or merge, which name axes");
        }
    }

    private Binding bind() {
        Map<String, Integer> parts = new HashMap<>();
        grouped().forEach(label -> axes.size(text(label)).ifPresent(size -> parts.put(text(label), size)));
        List<long[]> shapes = operands.stream()
                .map(operand -> operand.axes().stream().mapToLong(names.sizes()::of).toArray()).toList();
        return Binding.of(equation, shapes, parts, false);
    }

    private Axis made(Element.Name label, int size) {
        try {
            return axes.made(text(label), size);
        } catch (IllegalArgumentException e) {
            throw error(label, String.valueOf(e.getMessage()));
        }
    }

    /** What the names of the output and of parts mean. */
    private Map<Axis, Axis> meaning(Function<Element.Name, Axis> meaning) {
        Map<Axis, Axis> axis = new HashMap<>();
        Stream.concat(equation.result().names(), grouped())
                .forEach(label -> axis.computeIfAbsent(label.axis(), _ -> meaning.apply(label)));
        return axis;
    }

    private Stream<Element.Name> grouped() {
        return equation.operands().stream().flatMap(term -> term.elements().stream())
                .filter(Element.Group.class::isInstance).flatMap(Element::names);
    }

    private static String text(Element.Name label) {
        return label.axis().name();
    }

    private EquationError error(Element element, String problem) {
        return Mistakes.ofOperands(equation).at(element.position(), problem);
    }
}
