package org.einscale.sharding.partition;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.tensor.Axis;

/** Of which axes a program asks where their part begins: devices that differ in no other run the same plan. */
final class Starts {
    private Starts() {
    }

    static Set<Axis> asked(Program program) {
        Set<Axis> asked = new LinkedHashSet<>();
        for (Statement statement : program.statements()) {
            List<Axis> result = statement.result().axes();
            switch (statement.operation()) {
                case Operation.Iota _,Operation.Bernoulli _ -> asked.addAll(result);
                case Operation.Shard(var operand) -> {
                    for (int i = 0; i < result.size(); i++) {
                        if (!result.get(i).equals(operand.axes().get(i))) {
                            asked.add(result.get(i));
                            asked.add(operand.axes().get(i));
                        }
                    }
                }
                case Operation.Map map -> collect(map.expression(), asked);
                default -> {
                }
            }
        }
        return asked;
    }

    private static void collect(Pointwise expression, Set<Axis> asked) {
        switch (expression) {
            case Pointwise.Start(Axis axis) -> asked.add(axis);
            case Pointwise.Apply(_, Pointwise argument) -> collect(argument, asked);
            case Pointwise.Combine(_, Pointwise left, Pointwise right) -> {
                collect(left, asked);
                collect(right, asked);
            }
            case Pointwise.Operand _,Pointwise.Constant _,Pointwise.Volume _ -> {
            }
        }
    }
}
