package org.einscale.sharding.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Sizes;

/**
 * How every value of a program is wanted by the rules. What is made for the update of a state and goes into it element by
 * element, as the gradient of a parameter goes into the moments of an optimizer, is wanted as that state is.
 */
final class Homes {
    private final Map<Value, Sharding> homes = new HashMap<>();

    Homes(Program program, Sizes sizes, Rules rules, Set<Value> optimizerStates) {
        program.values().forEach(value -> homes.put(value, rules.of(value, sizes)));
        program.states().forEach(state -> homes.put(state,
                optimizerStates.contains(state)
                        ? rules.ofOptimizerState(state, sizes)
                        : rules.ofParameter(state, sizes)));
        Map<Value, Sharding> inherited = new HashMap<>();
        Set<Value> made = program.statements().stream().map(Statement::result).collect(Collectors.toSet());
        program.updates().forEach((state, update) -> {
            if (made.contains(update)) {
                inherited.merge(update, of(state), (a, b) -> optimizerStates.contains(state) ? b : a);
            }
        });
        for (Statement statement : program.statements().reversed()) {
            Sharding wanted = inherited.get(statement.result());
            if (wanted != null && statement.operation() instanceof Operation.Map map) {
                for (Value operand : map.operands()) {
                    if (operand.axes().equals(statement.result().axes()) && made.contains(operand)) {
                        inherited.putIfAbsent(operand, wanted);
                    }
                }
            }
        }
        homes.putAll(inherited);
    }

    /** What was declared of some values; all others may be as they come. */
    Homes(Map<Value, Sharding> declared) {
        homes.putAll(declared);
    }

    Sharding of(Value value) {
        Sharding home = homes.get(value);
        if (home == null) {
            throw new IllegalStateException(value + " is not of the program");
        }
        return home;
    }
}
