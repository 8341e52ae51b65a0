package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sizes for a contraction of which only the equation is given, after TCCG: all axes have one extent n, the largest with which
 * no tensor exceeds a number of bytes, but for axes of stride 1, whose extents are the greatest multiples of 24 up to n (at
 * least 24), and those that are fixed.
 *
 * @param mebibytes of the largest tensor
 */
record SizeRule(double mebibytes) {
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
        long n = 1;
        while (largest(terms, sizes(n + 1, terms, contiguous, fixed)) <= mebibytes * FLOATS_PER_MEBIBYTE) {
            n++;
        }
        Map<Character, Long> sizes = sizes(n, terms, contiguous, fixed);
        List<List<Long>> shapes = new ArrayList<>();
        for (String term : terms.subList(0, terms.size() - 1)) {
            shapes.add(term.chars().mapToObj(c -> sizes.getOrDefault((char) c, 1L)).toList());
        }
        return shapes;
    }

    private static Map<Character, Long> sizes(long n, List<String> terms, Set<Character> contiguous,
            Map<Character, Long> fixed) {
        Map<Character, Long> sizes = new TreeMap<>();
        for (char label : String.join("", terms).toCharArray()) {
            sizes.put(label, contiguous.contains(label) ? Math.max(MULTIPLE, n / MULTIPLE * MULTIPLE) : n);
        }
        sizes.putAll(fixed);
        return sizes;
    }

    private static double largest(List<String> terms, Map<Character, Long> sizes) {
        return terms.stream().mapToDouble(
                t -> t.chars().mapToDouble(c -> sizes.getOrDefault((char) c, 1L)).reduce(1, (a, b) -> a * b)).max()
                .orElse(0);
    }
}
