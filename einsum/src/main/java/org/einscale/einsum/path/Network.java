package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * What a path finder sees of a contraction. Axes of one operand that neither the output nor another operand has are summed
 * within it before any meeting, so finders leave them out of account.
 *
 * @param operands
 *            axes of each operand in its storage order, slowest first; none for a scalar
 * @param output
 *            axes of the result; those that no operand has are repeats and concern no finder
 * @param sizes
 *            a size for every axis of an operand, in elements
 */
public record Network(List<Set<Axis>> operands, Set<Axis> output, Sizes sizes) {

    /** @throws IllegalArgumentException if there is no operand or an axis of one has no size */
    public Network {
        if (operands.isEmpty()) {
            throw new IllegalArgumentException("a contraction without operands has no path: expected one or more");
        }
        operands = operands.stream().map(Network::ordered).toList();
        output = ordered(output);
        for (Set<Axis> operand : operands) {
            operand.forEach(sizes::of);
        }
    }

    /**
     * What is left after a meeting: both operands leave and their product joins the end. It has the axes of the first, then
     * of the second, that the output or another operand needs.
     */
    public Network meet(Path.Meeting meeting) {
        List<Set<Axis>> left = new ArrayList<>(operands);
        Set<Axis> second = left.remove(meeting.second());
        Set<Axis> product = new LinkedHashSet<>(left.remove(meeting.first()));
        product.addAll(second);
        Set<Axis> needed = new HashSet<>(output);
        left.forEach(needed::addAll);
        product.retainAll(needed);
        left.add(product);
        return new Network(left, output, sizes);
    }

    /** This network for one value of an axis: no operand has it any more. */
    public Network without(Axis axis) {
        return new Network(operands.stream().map(operand -> without(operand, axis)).toList(), without(output, axis),
                sizes);
    }

    private static Set<Axis> without(Set<Axis> axes, Axis axis) {
        Set<Axis> rest = new LinkedHashSet<>(axes);
        rest.remove(axis);
        return rest;
    }

    private static Set<Axis> ordered(Set<Axis> axes) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(axes));
    }
}
