package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * Sizes for a contraction of which only the equation is given, after TCCG: no tensor exceeds a number of bytes. Were all axes
 * of one extent, it would be the balanced one. Axes of stride 1 take the multiple of 24 nearest to that, or the one below if
 * that is too large, but at least 24; the others share the largest extent that fits; some are fixed.
 *
 * @param mebibytes of the largest tensor
 */
record TccgSizes(double mebibytes) {
    private static final int MULTIPLE = 24;
    private static final double FLOATS_PER_MEBIBYTE = (1 << 20) / (double) Float.BYTES;

    /** A column-major equation for row-major arrays: every term reversed. */
    static String rowMajor(String columnMajor) {
        return Arrays.stream(columnMajor.split("->"))
                .map(side -> Arrays.stream(side.split(",")).map(t -> new StringBuilder(t).reverse().toString())
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("->"));
    }

    /**
     * Shapes of the operands of a row-major equation. Extents are 1, or 24, where the limit is too small for more.
     *
     * @throws IllegalArgumentException if every axis of an equation is fixed
     */
    List<List<Long>> shapes(String equation, Map<Character, Long> fixed) {
        List<String> terms = List.of(equation.split(",|->"));
        Set<Character> contiguous = new HashSet<>();
        terms.forEach(t -> contiguous.add(t.charAt(t.length() - 1)));
        if (terms.stream().allMatch(t -> t.chars().allMatch(c -> fixed.containsKey((char) c)))) {
            throw new IllegalArgumentException("\"%s\": expected an axis whose size is not fixed".formatted(equation));
        }
        long balanced = largest(n -> sizes(n, n, terms, contiguous, fixed), terms);
        long nearest = Math.max(1, Math.round(balanced / (double) MULTIPLE)) * MULTIPLE;
        long unit = fits(sizes(nearest, 1, terms, contiguous, fixed), terms)
                ? nearest
                : Math.max(MULTIPLE, nearest - MULTIPLE);
        long others = largest(n -> sizes(unit, n, terms, contiguous, fixed), terms);
        Map<Character, Long> sizes = sizes(unit, others, terms, contiguous, fixed);
        List<List<Long>> shapes = new ArrayList<>();
        for (String term : terms.subList(0, terms.size() - 1)) {
            shapes.add(term.chars().mapToObj(c -> sizes.getOrDefault((char) c, 1L)).toList());
        }
        return shapes;
    }

    /** The largest extent with which all tensors fit, at least 1; beyond the limit in elements none can matter. */
    private long largest(LongFunction<Map<Character, Long>> sizes, List<String> terms) {
        long n = 1;
        while (n < mebibytes * FLOATS_PER_MEBIBYTE && fits(sizes.apply(n + 1), terms)) {
            n++;
        }
        return n;
    }

    private boolean fits(Map<Character, Long> sizes, List<String> terms) {
        return terms.stream().allMatch(t -> t.chars().mapToDouble(c -> sizes.getOrDefault((char) c, 1L))
                .reduce(1, (a, b) -> a * b) <= mebibytes * FLOATS_PER_MEBIBYTE);
    }

    private static Map<Character, Long> sizes(long unit, long others, List<String> terms, Set<Character> contiguous,
            Map<Character, Long> fixed) {
        Map<Character, Long> sizes = new TreeMap<>();
        for (char label : String.join("", terms).toCharArray()) {
            sizes.put(label, contiguous.contains(label) ? unit : others);
        }
        sizes.putAll(fixed);
        return sizes;
    }
}
