package org.einscale.einsum.equation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;

/** An equation meeting sizes by name instead of shapes. */
final class NamedSizes {
    private NamedSizes() {
    }

    static Binding bind(Equation equation, Sizes sizes) {
        Map<String, Integer> parts = new LinkedHashMap<>();
        sizes.axes().forEach(axis -> parts.put(axis.name(), sizes.of(axis)));
        List<long[]> shapes = equation.operands().stream().map(term -> shape(equation, term, sizes)).toList();
        return equation.bind(shapes, parts, false);
    }

    private static long[] shape(Equation equation, Term term, Sizes sizes) {
        term.ellipses().findFirst().ifPresent(ellipsis -> {
            throw new EquationError(equation.text(), ellipsis.position(), "sizes by name do not tell how many axes '"
                    + ellipsis + "' stands for; name its axes, or give shapes");
        });
        term.names().filter(name -> !sizes.has(name.axis())).findFirst().ifPresent(name -> {
            throw new EquationError(equation.text(), name.position(), missing(name, sizes));
        });
        return term.elements().stream()
                .mapToLong(element -> sizes.volume(element.names().map(Name::axis).toList())).toArray();
    }

    private static String missing(Name name, Sizes sizes) {
        List<String> known = sizes.axes().stream().map(Axis::name).toList();
        return "axis '" + name.axis() + "' has no size" + Nearest.to(name.axis().name(), known)
                .map(near -> "; did you give it as '" + near + "'?")
                .orElse("; expected " + name.axis() + "=... beside " + (known.isEmpty() ? "nothing" : sizes));
    }
}
