package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/**
 * A pointwise expression that is not computed yet, so that what is applied to it next joins the same pass over memory.
 *
 * @param expression of the operands
 * @param operands distinct values
 */
record Pending(Pointwise expression, List<Value> operands) {
    Pending {
        operands = List.copyOf(operands);
    }

    static Pending of(Value value) {
        return new Pending(Pointwise.operand(0), List.of(value));
    }

    static Pending of(Pointwise constant) {
        return new Pending(constant, List.of());
    }

    /** Axes of the result: those of the operand with most axes, then those that only others have. */
    List<Axis> axes() {
        Set<Axis> axes = new LinkedHashSet<>();
        operands.stream().sorted(Comparator.comparingInt((Value v) -> -v.axes().size()))
                .forEach(v -> axes.addAll(v.axes()));
        return List.copyOf(axes);
    }

    Pending apply(Unary function) {
        return new Pending(Pointwise.apply(function, expression), operands);
    }

    /** {@code function(this, right)} on the axes of both. A common operand is read once. */
    Pending combine(Binary function, Pending right) {
        List<Value> all = new ArrayList<>(operands);
        right.operands.stream().filter(v -> !all.contains(v)).forEach(all::add);
        Pointwise moved = right.expression.substitute(i -> Pointwise.operand(all.indexOf(right.operands.get(i))));
        return new Pending(Pointwise.combine(function, expression, moved), all);
    }

    /**
     * This term as a factor on wider axes: computed first if it does any work, as otherwise that work would be done again
     * at every element of the wider result.
     */
    Pending within(List<Axis> wider, ProgramBuilder builder, String name) {
        boolean repeated = !operands.isEmpty() && axes().size() < wider.size();
        return repeated && expression.operations() > 0 ? of(value(builder, name)) : this;
    }

    /** The term computed: its only operand if nothing is left to do, else a new map. */
    Value value(ProgramBuilder builder, String name) {
        if (expression instanceof Pointwise.Operand(int index) && operands.size() == 1) {
            return operands.get(index);
        }
        return builder.append(name, axes(), new Operation.Map(expression, operands));
    }
}
