package org.einscale.trainer.layer;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** What can be called in a step, by name. */
final class Functions {
    /** {@code gelu(a)}, {@code rsqrt(a)} and all others of one argument. */
    static final Map<String, Unary> UNARY = Arrays.stream(Unary.values())
            .collect(Collectors.toUnmodifiableMap(Unary::text, f -> f));

    /** {@code max(a, b)}, {@code power(a, b)}; comparisons give 1 or 0. */
    static final Map<String, Binary> BINARY = Map.of("max", Binary.MAXIMUM, "min", Binary.MINIMUM, "power",
            Binary.POWER, "greater", Binary.GREATER, "greater_equal", Binary.GREATER_EQUAL, "equal", Binary.EQUAL);

    /** {@code sum(a, 'd')}. */
    static final Map<String, Reduction> REDUCTIONS = Arrays.stream(Reduction.values())
            .collect(Collectors.toUnmodifiableMap(r -> r.name().toLowerCase(Locale.ROOT), r -> r));

    /** {@code layer_norm(a, 'd')}. */
    static final Map<String, Norm> NORMS = Map.of("layer_norm", Norm.LAYER, "rms_norm", Norm.RMS);

    /** The other operations and how each is called. */
    static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("einsum", "einsum('b l d, d f -> b l f', a, b)"),
            Map.entry("dot", "dot('b l d, d f -> b l f', a, b)"), Map.entry("softmax", "softmax(a, 'm')"),
            Map.entry("causal_softmax", "causal_softmax(a, 'm', 'l')"),
            Map.entry("take", "take(table, indices, 'v')"), Map.entry("split", "split(a, 'd = h k')"),
            Map.entry("merge", "merge(a, 'h k = d')"), Map.entry("slice", "slice(a, 'k = r + r', 0)"),
            Map.entry("concatenate", "concatenate(a, b, 'k = r + r')"), Map.entry("iota", "iota('l')"),
            Map.entry("size", "size('d')"), Map.entry("attention_scale", "attention_scale('k')"));

    private static final String DROPOUT = "dropout(a) or dropout(a, 0.1)";

    private Functions() {
    }

    /** Every name that can be called, layers apart. */
    static List<String> names() {
        return Stream
                .of(UNARY.keySet(), BINARY.keySet(), REDUCTIONS.keySet(), NORMS.keySet(), OPERATIONS.keySet(),
                        List.of("dropout"))
                .flatMap(Collection::stream).distinct().sorted().toList();
    }

    /** Whether the function has arguments that are axes in quotes. */
    static boolean takesAxes(String name) {
        return REDUCTIONS.containsKey(name) || NORMS.containsKey(name) || OPERATIONS.containsKey(name);
    }

    /** How the function is called, empty if there is none of the name. */
    static Optional<String> usage(String name) {
        if (OPERATIONS.containsKey(name)) {
            return Optional.ofNullable(OPERATIONS.get(name));
        }
        if (BINARY.containsKey(name)) {
            return Optional
                    .of(name + "(a, b)" + (REDUCTIONS.containsKey(name) ? " or " + name + "(a, 'd')" : ""));
        }
        String usage = UNARY.containsKey(name)
                ? name + "(a)"
                : REDUCTIONS.containsKey(name)
                        ? name + "(a, 'd')"
                        : NORMS.containsKey(name) ? name + "(a, 'd')" : name.equals("dropout") ? DROPOUT : null;
        return Optional.ofNullable(usage);
    }
}
