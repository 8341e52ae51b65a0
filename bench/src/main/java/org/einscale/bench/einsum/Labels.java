package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * An equation in letters with the extents of its axes. What an ellipsis stands for is labelled by digits.
 *
 * @param inputs a label for each axis of each operand
 * @param output the labels of the result
 * @param sizes extents by label
 */
record Labels(List<String> inputs, String output, Map<Character, Long> sizes) {
    private static final String ELLIPSIS = "...";

    Labels {
        inputs = List.copyOf(inputs);
        sizes = Map.copyOf(sizes);
    }

    /**
     * Of an equation with an arrow.
     *
     * @throws IllegalArgumentException if operands, ranks or extents do not fit
     */
    static Labels of(String equation, List<List<Long>> shapes) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        List<String> terms = sides.length == 2 ? Arrays.asList(sides[0].split(",", -1)) : List.of();
        if (terms.size() != shapes.size()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "\"%s\": expected an arrow and %d operands", equation, shapes.size()));
        }
        int broadcast = 0;
        for (int i = 0; i < terms.size(); i++) {
            broadcast = Math.max(broadcast, hidden(terms.get(i), shapes.get(i)));
        }
        List<String> inputs = new ArrayList<>();
        Map<Character, Long> sizes = new TreeMap<>();
        for (int i = 0; i < terms.size(); i++) {
            String labels = spelledOut(terms.get(i), broadcast, hidden(terms.get(i), shapes.get(i)));
            bind(equation, labels, shapes.get(i), sizes);
            inputs.add(labels);
        }
        return new Labels(inputs, spelledOut(sides[1], broadcast, broadcast), sizes);
    }

    /**
     * Operations of a product of two operands: a multiplication and an addition for every combination of labels, but for those
     * that only one operand has and the result has not, which are summed before.
     */
    double pairFlops() {
        return 2 * product(label -> output.indexOf(label) >= 0
                || inputs.stream().allMatch(input -> input.indexOf(label) >= 0));
    }

    /** How many products each element of an array labelled so is a sum of. */
    double terms(String labels) {
        return product(label -> labels.indexOf(label) < 0);
    }

    /** The extents of an array labelled so. */
    long[] shape(String labels) {
        return labels.chars().mapToLong(c -> sizes.getOrDefault((char) c, 1L)).toArray();
    }

    private double product(Predicate<Character> chosen) {
        return sizes.entrySet().stream().filter(e -> chosen.test(e.getKey())).mapToDouble(Map.Entry::getValue)
                .reduce(1, (a, b) -> a * b);
    }

    private static int hidden(String term, List<Long> shape) {
        return term.contains(ELLIPSIS) ? shape.size() - (term.length() - ELLIPSIS.length()) : 0;
    }

    /** Axes under an ellipsis are aligned at the right, so the last digits stand for fewer of them. */
    private static String spelledOut(String term, int broadcast, int hidden) {
        return term.replace(ELLIPSIS, "0123456789".substring(broadcast - hidden, broadcast));
    }

    private static void bind(String equation, String labels, List<Long> shape, Map<Character, Long> sizes) {
        if (labels.length() != shape.size()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "\"%s\": expected %d axes for %s, found shape %s", equation,
                            labels.length(), labels, shape));
        }
        for (int j = 0; j < labels.length(); j++) {
            long extent = shape.get(j);
            Long known = sizes.putIfAbsent(labels.charAt(j), extent);
            if (known != null && known != extent) {
                throw new IllegalArgumentException(String.format(Locale.ROOT, "\"%s\": %s is %d and %d", equation,
                        labels.charAt(j), known, extent));
            }
        }
    }
}
