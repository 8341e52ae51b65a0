package org.einscale.einsum.path;

import java.util.Arrays;
import java.util.List;
import org.einscale.einsum.path.Path.FactorPair;

/**
 * Work and memory of a finished contraction. Products but the last are intermediates, and so are operands that are summed
 * before any meeting; they live until they meet.
 *
 * @param flops
 *            two for each point of a meeting's index space, one for each element of an operand summed before
 * @param largest
 *            elements of the largest intermediate, 0 without any
 * @param live
 *            elements of all intermediates at each meeting, both sides and the product among them
 */
record Footprint(double flops, double largest, List<Double> live) {

    /** The footprint at the sizes of a graph, which may be smaller than the ones that the path was found for. */
    static Footprint of(PartialPath contraction, Graph sizes) {
        List<FactorPair> pairs = contraction.pairs();
        int operands = sizes.operandCount();
        double[] elements = new double[operands + pairs.size()];
        double flops = 0;
        for (int i = 0; i < operands; i++) {
            boolean summed = sizes.summedFirst(i);
            flops += summed ? sizes.volume(sizes.whole(i)) : 0;
            elements[i] = summed && !pairs.isEmpty() ? sizes.volume(contraction.factor(i).axes()) : 0;
        }
        double alive = Arrays.stream(elements).sum();
        Double[] live = new Double[pairs.size()];
        for (int i = 0; i < live.length; i++) {
            FactorPair pair = pairs.get(i);
            flops += 2 * sizes.volume(contraction.factor(pair.first()).axes(),
                    contraction.factor(pair.second()).axes());
            elements[operands + i] = i == live.length - 1
                    ? 0
                    : sizes.volume(contraction.factor(operands + i).axes());
            alive += elements[operands + i];
            live[i] = alive;
            alive -= elements[pair.first()] + elements[pair.second()];
        }
        return new Footprint(flops, Arrays.stream(elements).max().orElse(0), List.of(live));
    }

    /** Most elements alive at once. */
    double peak() {
        return live.stream().mapToDouble(elements -> elements).max().orElse(0);
    }

    /** Elements beyond a cap, added up over the meetings. */
    double excess(double cap) {
        return live.stream().mapToDouble(elements -> Math.max(0, elements - cap)).sum();
    }
}
