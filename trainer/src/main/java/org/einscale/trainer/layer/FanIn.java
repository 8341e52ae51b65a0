package org.einscale.trainer.layer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** How many elements of the input each output of a matrix sums over. */
record FanIn(Program program, Sizes sizes) {

    /**
     * The product of the parameter's axes that the first einsum which reads it, or a pointwise function of it, or its axes
     * split into parts, sums over; 0 if it is a table that is looked up first.
     *
     * @throws IllegalArgumentException if nothing of the kind reads it
     */
    long of(Value parameter) {
        Set<Value> same = new HashSet<>(Set.of(parameter));
        for (Statement statement : program.statements()) {
            switch (statement.operation()) {
                case Operation.Take take when same.contains(take.table()) -> {
                    return 0;
                }
                case Operation.Contract contract when contract.operands().stream().anyMatch(same::contains) -> {
                    return summed(contract, same);
                }
                case Operation.Split split when same.contains(split.operand()) -> same.add(statement.result());
                case Operation.Map map when map.operands().stream().anyMatch(same::contains)
                        && statement.result().axes().equals(parameter.axes()) ->
                    same.add(statement.result());
                default -> {
                }
            }
        }
        throw new IllegalArgumentException(
                "parameter " + parameter.name() + " is in no einsum, so it has no fan-in to start by;"
                        + " say { axes = \"" + String.join(" ", parameter.axes().stream().map(Axis::name).toList())
                        + "\", init = zeros }"
                        + " or ones or normal");
    }

    private long summed(Operation.Contract contract, Set<Value> same) {
        for (int i = 0; i < contract.operands().size(); i++) {
            Value operand = contract.operands().get(i);
            if (same.contains(operand)) {
                List<Axis> term = contract.terms().get(i);
                long fanIn = 1;
                for (int j = 0; j < term.size(); j++) {
                    fanIn *= contract.output().contains(term.get(j)) ? 1 : sizes.of(operand.axes().get(j));
                }
                return fanIn;
            }
        }
        throw new IllegalStateException("no operand of " + contract + " is the parameter");
    }
}
