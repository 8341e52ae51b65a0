package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Networks for tests. */
final class Networks {
    private Networks() {
    }

    /** Like {@code of("ij,jk->ik", "i2 j3 k4")}. */
    static Network of(String equation, String sizes) {
        Map<String, Integer> bySize = new HashMap<>();
        Arrays.stream(sizes.split(" ")).filter(size -> !size.isEmpty())
                .forEach(size -> bySize.put(size.substring(0, 1), Integer.valueOf(size.substring(1))));
        String[] sides = equation.split("->", -1);
        List<Set<Axis>> operands = Arrays.stream(sides[0].split(",", -1)).map(Networks::axes).toList();
        return new Network(operands, axes(sides[1]), Sizes.of(bySize));
    }

    static Set<Axis> axes(String letters) {
        return letters.chars().mapToObj(letter -> new Axis(Character.toString(letter)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Operands with up to 3 axes each out of twice as many as there are operands at most: disconnected parts, axes of one, two
     * and more operands, batch axes and scalars all occur.
     */
    static Network random(long seed, int operands, int smallest, int largest) {
        SplittableRandom random = new SplittableRandom(seed);
        int axisCount = 1 + random.nextInt(2 * operands);
        Map<String, Integer> sizes = new HashMap<>();
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < axisCount; i++) {
            axes.add(new Axis("a" + i));
            sizes.put("a" + i, smallest + random.nextInt(largest - smallest + 1));
        }
        List<Set<Axis>> all = new ArrayList<>();
        Set<Axis> output = new LinkedHashSet<>();
        for (int i = 0; i < operands; i++) {
            Set<Axis> operand = new LinkedHashSet<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                operand.add(axes.get(random.nextInt(axisCount)));
            }
            operand.stream().filter(axis -> random.nextInt(4) == 0).forEach(output::add);
            all.add(operand);
        }
        return new Network(all, output, Sizes.of(sizes));
    }

    /** The axes of a chain of matrices {@code a0 a1, a1 a2, ... -> a0 an}, of sizes that vary with the position. */
    static Network chain(int operands) {
        Map<String, Integer> sizes = new HashMap<>();
        List<Set<Axis>> all = new ArrayList<>();
        for (int i = 0; i <= operands; i++) {
            sizes.put("a" + i, 2 + 7 * i % 11);
        }
        for (int i = 0; i < operands; i++) {
            all.add(new LinkedHashSet<>(List.of(new Axis("a" + i), new Axis("a" + (i + 1)))));
        }
        return new Network(all, new LinkedHashSet<>(List.of(new Axis("a0"), new Axis("a" + operands))),
                Sizes.of(sizes));
    }

    /** A random graph in which every operand shares an axis of size 2 with {@code degree} others, or less by chance. */
    static Network regular(int operands, int degree, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> stubs = new ArrayList<>();
        List<Set<Axis>> all = new ArrayList<>();
        for (int i = 0; i < operands; i++) {
            all.add(new LinkedHashSet<>());
            for (int j = 0; j < degree; j++) {
                stubs.add(random.nextInt(stubs.size() + 1), i);
            }
        }
        Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i + 1 < stubs.size(); i += 2) {
            if (!stubs.get(i).equals(stubs.get(i + 1))) {
                sizes.put("a" + i, 2);
                all.get(stubs.get(i)).add(new Axis("a" + i));
                all.get(stubs.get(i + 1)).add(new Axis("a" + i));
            }
        }
        return new Network(all, Set.of(), Sizes.of(sizes));
    }

    static double total(Network network, Path path) {
        return PathCost.of(network, path).total();
    }

    static double total(Network network, PathFinder finder) {
        return total(network, finder.find(network));
    }
}
