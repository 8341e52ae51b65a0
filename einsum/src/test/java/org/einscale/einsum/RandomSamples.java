package org.einscale.einsum;

import java.util.ArrayList;
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
                for (int j = 2 - random.nextInt(3); j < 2; j++) {
                    shape.add(at++, random.nextInt(4) == 0 ? 1 : rest[j]);
                }
            }
            terms.add(String.join("", term));
            shapes.add(shape.stream().mapToLong(x -> x).toArray());
        }
        String text = String.join(",", terms) + (random.nextInt(4) == 0 ? "" : "->" + output(terms));
        return Sample.of(Equation.letters(text), broadcasting, Map.of(), shapes, random);
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
        List<List<String>> output = used.isEmpty() ? List.of() : term(List.copyOf(used), random.nextInt(4));
        String text = terms.stream().map(RandomSamples::written).collect(Collectors.joining(", ")) + " -> "
                + written(output);
        sizes.keySet().retainAll(used);
        List<long[]> shapes = terms.stream().map(term -> term.stream()
                .mapToLong(group -> group.stream().mapToLong(sizes::get).reduce(1, (x, y) -> x * y)).toArray())
                .toList();
        return Sample.of(Equation.words(text), false, sizes, shapes, random);
    }

    /** Axes of 0 to 2 elementary ones each, any of which may repeat. */
    private List<List<String>> term(List<String> pool, int rank) {
        return Stream.generate(() -> {
            int chance = random.nextInt(10);
            int parts = chance == 0 ? 0 : chance < 3 ? 2 : 1;
            return Stream.generate(() -> pool.get(random.nextInt(pool.size()))).limit(parts).toList();
        }).limit(rank).toList();
    }

    private static String written(List<List<String>> term) {
        return term.stream().map(group -> switch (group.size()) {
            case 0 -> "1";
            case 1 -> group.getFirst();
            default -> "(" + String.join(" ", group) + ")";
        }).collect(Collectors.joining(" "));
    }
}
