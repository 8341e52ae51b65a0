package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.einscale.einsum.program.Operation;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/**
 * What a contraction of sharded operands gives when every device contracts the parts that it holds. Three rules decide:
 * <ol>
 * <li>an axis in several operands must be split alike in all of them;</li>
 * <li>an axis of the output stays split as it is;</li>
 * <li>a contracted axis that is split leaves the result partial: an all-reduce adds it up. Two of them cannot be split over
 * one mesh axis: no device would have a part of one with another part of the other.</li>
 * </ol>
 */
public final class ContractRule {
    private ContractRule() {
    }

    /**
     * Sharding of the result.
     *
     * @throws IllegalArgumentException
     *             if two operands split an axis differently, or two axes want the same mesh axis: the operands have to be
     *             resharded first
     */
    public static Sharding result(Operation.Contract contract, List<Sharding> operands) {
        Map<Axis, List<String>> split = new HashMap<>();
        for (int i = 0; i < operands.size(); i++) {
            List<Axis> term = contract.terms().get(i);
            if (!operands.get(i).partial().isEmpty()) {
                throw new IllegalArgumentException("operand " + i + " of " + contract + " is partial over "
                        + operands.get(i).partial() + "; all-reduce it first");
            }
            for (int j = 0; j < term.size(); j++) {
                List<String> mine = operands.get(i).split().get(j);
                List<String> known = split.putIfAbsent(term.get(j), mine);
                if (known != null && !known.equals(mine)) {
                    throw new IllegalArgumentException("axis '" + term.get(j).name() + "' of " + contract
                            + " is split over " + known + " and, in operand " + i
                            + ", over " + mine + "; reshard one of them");
                }
            }
        }
        Set<String> partial = new TreeSet<>();
        split.forEach((axis, mesh) -> {
            if (!contract.output().contains(axis)) {
                mesh.stream().filter(name -> !partial.add(name)).findFirst().ifPresent(twice -> {
                    throw new IllegalArgumentException("mesh axis '" + twice + "' splits two contracted axes of "
                            + contract + ", '" + axis.name() + "' among them: a device would miss the products of its"
                            + " part of one with others' parts of the other; reshard one of them");
                });
            }
        });
        List<List<String>> output = new ArrayList<>();
        contract.output().forEach(axis -> output.add(split.getOrDefault(axis, List.of())));
        return new Sharding(output, partial);
    }
}
