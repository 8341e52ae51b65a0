package org.einscale.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Equation;

/** Random small equations with shapes that fit, in both dialects, always the same for a seed. */
final class RandomSamples {
    private static final int LARGEST_SPACE = 2048;
    private static final List<String> ELLIPSIS = List.of("...");

    private final Random random;
    private final int operands;

    /**
     * @param operands
     *            the largest number of operands
     */
    RandomSamples(Random random, int operands) {
        this.random = random;
        this.operands = operands;
    }

    Sample next() {
        while (true) {
            Sample sample = random.nextInt(4) == 0 ? words() : letters();
            if (sample.binding().sizes().volume(sample.binding().sizes().axes()) <= LARGEST_SPACE) {
                return sample;
            }
        }
    }

    private int size() {
        return random.nextInt(25) == 0 ? 0 : 1 + random.nextInt(4);
    }

    private Sample letters() {
        int count = 1 + random.nextInt(operands);
        String pool = "aBcDef".substring(0, 1 + random.nextInt(6));
        Map<Character, Integer> sizes = new HashMap<>();
        pool.chars().forEach(letter -> sizes.put((char) letter, size()));
        boolean broadcasting = random.nextBoolean();
        boolean ellipses = random.nextInt(4) == 0;
        long[] rest = {size(), size()};
        List<String> terms = new ArrayList<>();
        List<long[]> shapes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> term = new ArrayList<>();
            List<Long> shape = new ArrayList<>();
            Map<Character, Boolean> stretched = new HashMap<>();
            for (int rank = random.nextInt(4); rank > 0; rank--) {
                char letter = pool.charAt(random.nextInt(pool.length()));
                boolean one = broadcasting
                        && stretched.computeIfAbsent(letter, _ -> random.nextInt(6) == 0);
                term.add(String.valueOf(letter));
                shape.add(one ? 1L : sizes.getOrDefault(letter, 1));
            }
            if (ellipses && random.nextInt(3) > 0) {
                int at = random.nextInt(term.size() + 1);
                term.add(at, "...");
                shape.addAll(at, some(rest));
            }
            terms.add(String.join("", term));
            shapes.add(array(shape));
        }
        String text = String.join(",", terms) + (random.nextInt(4) == 0 ? "" : "->" + output(terms));
        return Sample.of(Equation.letters(text), broadcasting, Map.of(), shapes, random);
    }

    /** The sizes that an ellipsis stands for: the last of two or both or none, some of them 1. */
    private List<Long> some(long[] rest) {
        return Arrays.stream(rest, random.nextInt(3), 2).map(size -> random.nextInt(4) == 0 ? 1 : size).boxed()
                .toList();
    }

    /** Some of the letters in any order, with the ellipsis if there is one. */
    private String output(List<String> terms) {
        String all = String.join("", terms);
        List<String> output = new ArrayList<>();
        all.replace(".", "").chars().distinct().filter(_ -> random.nextBoolean())
                .forEach(letter -> output.add(Character.toString(letter)));
        if (all.contains("...")) {
            output.add("...");
        }
        Collections.shuffle(output, random);
        return String.join("", output);
    }

    private Sample words() {
        List<String> pool = List.of("row", "col", "k_1", "x", "y").subList(0, 1 + random.nextInt(5));
        Map<String, Integer> sizes = new TreeMap<>();
        pool.forEach(name -> sizes.put(name, size()));
        List<List<List<String>>> terms = new ArrayList<>();
        for (int i = 1 + random.nextInt(operands); i > 0; i--) {
            terms.add(term(pool, random.nextInt(4)));
        }
        TreeSet<String> used = terms.stream().flatMap(List::stream).flatMap(List::stream)
                .collect(Collectors.toCollection(TreeSet::new));
        List<List<String>> output = used.isEmpty() ? new ArrayList<>() : term(List.copyOf(used), random.nextInt(4));
        sizes.keySet().retainAll(used);
        List<List<Long>> shapes = terms.stream().map(term -> shape(term, sizes)).toList();
        if (random.nextInt(3) == 0) {
            long[] rest = {size(), size()};
            for (int i = 0; i < terms.size(); i++) {
                int at = random.nextInt(terms.get(i).size() + 1);
                terms.get(i).add(at, ELLIPSIS);
                shapes.get(i).addAll(at, some(rest));
            }
            output.add(random.nextInt(output.size() + 1), ELLIPSIS);
        }
        String text = terms.stream().map(RandomSamples::written).collect(Collectors.joining(", ")) + " -> "
                + written(output);
        return Sample.of(Equation.words(text), false, sizes, shapes.stream().map(RandomSamples::array).toList(),
                random);
    }

    private static List<Long> shape(List<List<String>> term, Map<String, Integer> sizes) {
        return term.stream().map(group -> group.stream().mapToLong(sizes::get).reduce(1, (x, y) -> x * y))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static long[] array(List<Long> shape) {
        return shape.stream().mapToLong(x -> x).toArray();
    }

    /** Axes of 0 to 2 elementary ones each, any of which may repeat. */
    private List<List<String>> term(List<String> pool, int rank) {
        return Stream.generate(() -> {
            int chance = random.nextInt(10);
            int parts = chance == 0 ? 0 : chance < 3 ? 2 : 1;
            return Stream.generate(() -> pool.get(random.nextInt(pool.size()))).limit(parts).toList();
        }).limit(rank).collect(Collectors.toCollection(ArrayList::new));
    }

    private static String written(List<List<String>> term) {
        return term.stream().map(group -> switch (group.size()) {
            case 0 -> "1";
            case 1 -> group.getFirst();
            default -> "(" + String.join(" ", group) + ")";
        }).collect(Collectors.joining(" "));
    }
}
