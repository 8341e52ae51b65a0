package org.einscale.einsum.binding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.einscale.einsum.equation.EquationError;

/** Finds an example of the sizes that have to be given before all others are known. */
record SizeExample(Binder binder, List<List<Dimension>> operands, List<Dimension> result) {

    /** As in {@code h=2, k=3}; empty if no sizes make the shapes fit. */
    Optional<String> find() {
        return complete(binder.parts()).map(sizes -> sizes.entrySet().stream()
                .filter(size -> !binder.parts().containsKey(size.getKey()))
                .map(size -> size.getKey() + "=" + size.getValue()).collect(Collectors.joining(", ")));
    }

    private Optional<Map<String, Integer>> complete(Map<String, Integer> given) {
        try {
            return new SizeSolver(binder.with(given), operands).missing(result)
                    .map(open -> open.getValue().stream().map(size -> complete(more(given, open.getKey(), size)))
                            .flatMap(Optional::stream).findFirst())
                    .orElseGet(() -> Optional.of(given));
        } catch (EquationError contradiction) {
            return Optional.empty();
        }
    }

    private static Map<String, Integer> more(Map<String, Integer> given, String name, int size) {
        Map<String, Integer> more = new LinkedHashMap<>(given);
        more.put(name, size);
        return more;
    }
}
