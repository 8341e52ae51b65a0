package org.einscale.einsum.binding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Remedy;
import org.einscale.einsum.equation.Term;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;

/** An equation meeting sizes by name instead of shapes. */
record NamedSizes(Equation equation, Sizes sizes) {

    Binding bind() {
        List<long[]> shapes = equation.operands().stream().map(this::shape).toList();
        return Binding.of(equation, shapes, byName(), false);
    }

    private Map<String, Integer> byName() {
        Map<String, Integer> parts = new LinkedHashMap<>();
        sizes.axes().forEach(axis -> parts.put(axis.name(), sizes.of(axis)));
        return parts;
    }

    private long[] shape(Term term) {
        term.ellipses().findFirst().ifPresent(ellipsis -> {
            throw mistakes().at(ellipsis.position(), "sizes by name do not tell how many axes '"
                    + ellipsis + "' stands for; name its axes, or give shapes");
        });
        term.names().filter(name -> !sizes.has(name.axis())).findFirst().ifPresent(name -> {
            throw missing(name);
        });
        return term.elements().stream()
                .mapToLong(element -> sizes.volume(element.names().map(Name::axis).toList())).toArray();
    }

    private Mistakes mistakes() {
        return Mistakes.of(equation, other -> new NamedSizes(other, sizes).bind());
    }

    private EquationError missing(Name name) {
        List<String> known = sizes.axes().stream().map(Axis::name).toList();
        List<Remedy> remedies = new ArrayList<>();
        Nearest.to(name.axis().name(), known).ifPresent(near -> remedies.add(
                Remedy.trying("did you give it as '" + near + "'?", () -> renamed(near, name.axis().name()).bind())));
        String all = equation.axes().stream().filter(axis -> !sizes.has(axis)).map(axis -> axis + "=...")
                .collect(Collectors.joining(", "));
        remedies.add(Remedy.fact("expected " + all + " beside " + (known.isEmpty() ? "nothing" : sizes)));
        return mistakes().at(name.position(), "axis '" + name.axis() + "' has no size", remedies);
    }

    private NamedSizes renamed(String from, String to) {
        Map<String, Integer> others = new TreeMap<>(byName());
        others.put(to, sizes.of(new Axis(from)));
        others.remove(from);
        return new NamedSizes(equation, Sizes.of(others));
    }
}
