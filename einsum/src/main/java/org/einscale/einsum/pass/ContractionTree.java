package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.Path;
import org.einscale.tensor.Axis;

/**
 * A path with every product laid out for the product that reads it: nodes are the operands, then the products in the order of
 * the path. A product has its batch axes first, then those that the next product keeps, both in that one's order, then those
 * that it sums, in the order of the operand that they are summed with; so a matrix product can read it as it lies.
 *
 * @param pairs
 *            the operands of each product
 * @param terms
 *            axes of each node in storage order
 */
record ContractionTree(List<Path.FactorPair> pairs, List<List<Axis>> terms) {

    /**
     * @param operands
     *            axes of the operands in storage order, those that no other operand and not the output has left out
     */
    static ContractionTree of(List<List<Axis>> operands, List<Axis> output, Network network, Path path) {
        List<Path.FactorPair> pairs = path.pairs();
        List<Set<Axis>> axes = new ArrayList<>(network.operands());
        Network rest = network;
        for (Path.Meeting meeting : path.meetings()) {
            rest = rest.meet(meeting);
            axes.add(rest.operands().getLast());
        }
        List<List<Axis>> terms = new ArrayList<>(operands);
        terms.addAll(Collections.nCopies(pairs.size(), output));
        for (int i = pairs.size() - 1; i >= 0; i--) {
            List<Axis> result = terms.get(operands.size() + i);
            Path.FactorPair pair = pairs.get(i);
            layOut(terms, axes, operands.size(), pair.first(), pair.second(), result);
            layOut(terms, axes, operands.size(), pair.second(), pair.first(), result);
        }
        return new ContractionTree(pairs, terms);
    }

    /** Orders the axes of a node that is itself a product, given the product that reads it. */
    private static void layOut(List<List<Axis>> terms, List<Set<Axis>> axes, int operands, int node, int other,
            List<Axis> result) {
        if (node < operands) {
            return;
        }
        Set<Axis> order = new LinkedHashSet<>();
        result.stream().filter(axes.get(other)::contains).forEach(order::add);
        order.addAll(result);
        // The other operand's own order, if it has one by now: that of an operand, or of a product laid out before this one.
        order.addAll(other < operands || other < node ? axes.get(other) : terms.get(other));
        order.addAll(axes.get(node));
        order.retainAll(axes.get(node));
        terms.set(node, List.copyOf(order));
    }
}
