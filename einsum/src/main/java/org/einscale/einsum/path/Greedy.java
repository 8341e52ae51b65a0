package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** At every turn the meeting with the fewest multiplications, among equals the one whose product is smallest next to its operands. */
public final class Greedy implements PathFinder {

    @Override
    public List<Meeting> find(List<Set<Axis>> operands, Set<Axis> output, Sizes sizes) {
        List<Set<Axis>> left = new ArrayList<>(operands);
        List<Meeting> path = new ArrayList<>();
        while (left.size() > 1) {
            Meeting next = cheapest(left, output, sizes);
            Set<Axis> product = product(left, next, output);
            left.remove(next.second());
            left.remove(next.first());
            left.add(product);
            path.add(next);
        }
        return path;
    }

    private static Meeting cheapest(List<Set<Axis>> left, Set<Axis> output, Sizes sizes) {
        Meeting best = new Meeting(0, 1);
        double bestWork = Double.POSITIVE_INFINITY;
        double bestGrowth = Double.POSITIVE_INFINITY;
        for (int i = 0; i < left.size(); i++) {
            for (int j = i + 1; j < left.size(); j++) {
                Meeting meeting = new Meeting(i, j);
                Set<Axis> met = new HashSet<>(left.get(i));
                met.addAll(left.get(j));
                double work = volume(met, sizes);
                double growth = volume(product(left, meeting, output), sizes) - volume(left.get(i), sizes)
                        - volume(left.get(j), sizes);
                if (work < bestWork || (work == bestWork && growth < bestGrowth)) {
                    best = meeting;
                    bestWork = work;
                    bestGrowth = growth;
                }
            }
        }
        return best;
    }

    /** Axes of the product of two operands: those of either that the output or another operand needs. */
    public static Set<Axis> product(List<Set<Axis>> left, PathFinder.Meeting meeting, Set<Axis> output) {
        Set<Axis> needed = new HashSet<>(output);
        for (int i = 0; i < left.size(); i++) {
            if (i != meeting.first() && i != meeting.second()) {
                needed.addAll(left.get(i));
            }
        }
        Set<Axis> product = new LinkedHashSet<>(left.get(meeting.first()));
        product.addAll(left.get(meeting.second()));
        product.retainAll(needed);
        return product;
    }

    private static double volume(Set<Axis> axes, Sizes sizes) {
        return axes.stream().mapToDouble(sizes::of).reduce(1, (x, y) -> x * y);
    }
}
