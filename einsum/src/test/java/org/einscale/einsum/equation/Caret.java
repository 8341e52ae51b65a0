package org.einscale.einsum.equation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What tests of the language share: shapes and sizes as text, and errors with their carets. */
public final class Caret {
    private Caret() {
    }

    /** Asserts that the call is refused with a caret under the position. */
    public static void refused(Callable<?> call, String text, int position, String part) {
        EquationError error = catchThrowableOfType(EquationError.class, call::call);
        assertThat(error).as(text).isNotNull();
        assertThat(error.getMessage()).contains(part);
        List<String> lines = String.valueOf(error.getMessage()).lines().toList();
        assertThat(lines).endsWith("    " + text, "    " + " ".repeat(text.codePointCount(0, position)) + "^");
        assertThat(error.position()).isEqualTo(position);
    }

    /** From {@code 2 3, , 4}: the second shape is a scalar's. */
    public static List<long[]> shapes(@Nullable String text) {
        return Arrays.stream((text == null ? "" : text).split(",", -1))
                .map(s -> s.isBlank()
                        ? new long[0]
                        : Arrays.stream(s.strip().split("\\s+")).mapToLong(Long::parseLong).toArray())
                .toList();
    }

    /** From {@code a=2 b=3}. */
    public static Map<String, Integer> sizes(@Nullable String text) {
        Map<String, Integer> sizes = new TreeMap<>();
        for (String size : text == null ? new String[0] : text.strip().split("\\s+")) {
            int at = size.indexOf('=');
            sizes.put(size.substring(0, at), Integer.parseInt(size.substring(at + 1)));
        }
        return sizes;
    }

    /** Terms with their elements in brackets, {@code [b l], [l] -> [b]}. */
    public static String terms(Equation equation) {
        return String.join(", ", equation.operands().stream().map(Caret::term).toList()) + " -> "
                + term(equation.result());
    }

    private static String term(Term term) {
        return "[" + term + "]";
    }
}
