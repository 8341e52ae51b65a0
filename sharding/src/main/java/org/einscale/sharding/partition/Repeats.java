package org.einscale.sharding.partition;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Axes along which values too large for one call of a kernel repeat themselves, because nothing that they are made of has
 * them. A plan may keep of such a value what is different in it, and multiply that once.
 */
final class Repeats {
    private final Map<Value, Set<Axis>> repeated = new HashMap<>();

    Repeats(Program program, Sizes sizes) {
        for (Statement statement : program.statements()) {
            Value result = statement.result();
            if (sizes.points(result.axes()) > Target.MOST) {
                Set<Axis> axes = new HashSet<>(result.axes());
                axes.removeAll(differing(statement));
                repeated.put(result, axes);
            }
        }
    }

    /** Axes of a result along which it may differ. */
    private Set<Axis> differing(Statement statement) {
        Set<Axis> differing = new HashSet<>();
        switch (statement.operation()) {
            case Operation.Map map -> map.operands().forEach(operand -> operand.axes().stream()
                    .filter(axis -> !of(operand).contains(axis)).forEach(differing::add));
            case Operation.Contract contract -> {
                Set<Axis> names = new HashSet<>();
                for (int i = 0; i < contract.operands().size(); i++) {
                    Value operand = contract.operands().get(i);
                    for (int j = 0; j < operand.axes().size(); j++) {
                        if (!of(operand).contains(operand.axes().get(j))) {
                            names.add(contract.terms().get(i).get(j));
                        }
                    }
                }
                for (int j = 0; j < contract.output().size(); j++) {
                    if (names.contains(contract.output().get(j))) {
                        differing.add(statement.result().axes().get(j));
                    }
                }
            }
            default -> differing.addAll(statement.result().axes());
        }
        return differing;
    }

    private Set<Axis> of(Value value) {
        return repeated.getOrDefault(value, Set.of());
    }

    /**
     * Names of a contraction along which all has to be multiplied: not those that its result repeats itself along, nor summed
     * ones that an operand does, of which the other is summed before.
     */
    List<Axis> multiplied(Operation.Contract contract, Value result) {
        Set<Axis> spared = new HashSet<>();
        for (int j = 0; j < contract.output().size(); j++) {
            if (of(result).contains(result.axes().get(j))) {
                spared.add(contract.output().get(j));
            }
        }
        for (int i = 0; i < contract.operands().size(); i++) {
            Value operand = contract.operands().get(i);
            for (int j = 0; j < operand.axes().size(); j++) {
                Axis name = contract.terms().get(i).get(j);
                if (of(operand).contains(operand.axes().get(j)) && !contract.output().contains(name)) {
                    spared.add(name);
                }
            }
        }
        return contract.names().entrySet().stream().filter(name -> !spared.contains(name.getKey()))
                .map(Map.Entry::getValue).toList();
    }
}
