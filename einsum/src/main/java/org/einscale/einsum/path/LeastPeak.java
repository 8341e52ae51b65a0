package org.einscale.einsum.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Orders the meetings of a contraction so that its products need the least memory at once: of the two factors of a meeting,
 * the one whose making needs more beyond what it leaves is made first (Sethi and Ullman 1970, "The generation of optimal
 * code for arithmetic expressions"). The meetings stay the same.
 */
final class LeastPeak {
    private final List<Path.FactorPair> pairs;
    private final int operands;
    private final double[] size;
    private final double[] peak;

    private LeastPeak(PartialPath contraction) {
        pairs = contraction.pairs();
        operands = contraction.graph().operandCount();
        size = new double[operands + pairs.size()];
        peak = new double[size.length];
        for (int id = operands; id < size.length; id++) {
            Path.FactorPair pair = pairs.get(id - operands);
            size[id] = id == size.length - 1 ? 0 : contraction.factor(id).elements();
            double sides = Math.min(oneFirst(pair.first(), pair.second()), oneFirst(pair.second(), pair.first()));
            peak[id] = Math.max(sides, size[pair.first()] + size[pair.second()] + size[id]);
        }
    }

    /** Elements alive at once while both are made, one before the other. */
    private double oneFirst(int one, int other) {
        return Math.max(peak[one], size[one] + peak[other]);
    }

    static Path order(PartialPath contraction) {
        LeastPeak order = new LeastPeak(contraction);
        List<Path.Meeting> meetings = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < order.operands; i++) {
            left.add(i);
        }
        for (int id : order.products()) {
            Path.FactorPair pair = order.pairs.get(id - order.operands);
            int one = left.indexOf(pair.first());
            int other = left.indexOf(pair.second());
            meetings.add(new Path.Meeting(Math.min(one, other), Math.max(one, other)));
            left.remove(Math.max(one, other));
            left.remove(Math.min(one, other));
            left.add(id);
        }
        return new Path(meetings);
    }

    /** Ids of all products, each after those it is made of: the reverse of a walk from the root, later side first. */
    private Iterable<Integer> products() {
        Deque<Integer> reversed = new ArrayDeque<>();
        Deque<Integer> open = new ArrayDeque<>();
        open.push(size.length - 1);
        while (!open.isEmpty()) {
            int id = open.pop();
            if (id >= operands) {
                Path.FactorPair pair = pairs.get(id - operands);
                boolean inOrder = oneFirst(pair.first(), pair.second()) <= oneFirst(pair.second(), pair.first());
                open.push(inOrder ? pair.first() : pair.second());
                open.push(inOrder ? pair.second() : pair.first());
                reversed.push(id);
            }
        }
        return reversed;
    }
}
