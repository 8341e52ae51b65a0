package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** What the parameters of a program connect. */
final class Fans {
    private final Program program;
    private final Sizes sizes;
    /** Values that depend on an input. */
    private final Set<Value> data;

    Fans(Program program, Sizes sizes) {
        this.program = program;
        this.sizes = sizes;
        this.data = new HashSet<>(program.inputs());
        for (Statement statement : program.statements()) {
            if (statement.operation().operands().stream().anyMatch(data::contains)) {
                data.add(statement.result());
            }
        }
    }

    /** By the first einsum, or look-up, of the parameter, a pointwise function of it, a part of it, or its axes arranged otherwise. */
    Fan of(Value parameter) {
        Set<Value> same = new HashSet<>(Set.of(parameter));
        for (Statement statement : program.statements()) {
            switch (statement.operation()) {
                case Operation.Take take when same.contains(take.table()) -> {
                    return noMatrix(Fan.Use.LOOKED_UP, parameter);
                }
                case Operation.Contract contract when contract.operands().stream().anyMatch(same::contains) -> {
                    return fan(contract, same);
                }
                case Operation.Split split when same.contains(split.operand()) -> same.add(statement.result());
                case Operation.Merge merge when same.contains(merge.operand()) -> same.add(statement.result());
                case Operation.Slice slice when same.contains(slice.operand()) -> same.add(statement.result());
                case Operation.Map map when map.operands().stream().anyMatch(same::contains)
                        && statement.result().axes().equals(parameter.axes()) ->
                    same.add(statement.result());
                default -> {
                }
            }
        }
        return noMatrix(Fan.Use.ELEMENTWISE, parameter);
    }

    private Fan noMatrix(Fan.Use use, Value parameter) {
        return new Fan(use, 1, 1, sizes.volume(parameter.axes()));
    }

    private Fan fan(Operation.Contract contract, Set<Value> same) {
        int at = 0;
        while (!same.contains(contract.operands().get(at))) {
            at++;
        }
        Set<Axis> others = new HashSet<>();
        Set<Axis> ofData = new HashSet<>();
        for (int i = 0; i < contract.operands().size(); i++) {
            if (i != at) {
                others.addAll(contract.terms().get(i));
                if (data.contains(contract.operands().get(i))) {
                    ofData.addAll(contract.terms().get(i));
                }
            }
        }
        List<Axis> term = contract.terms().get(at);
        List<Axis> own = contract.operands().get(at).axes();
        Predicate<Axis> summed = axis -> !contract.output().contains(axis);
        // In 'b l d, d r, r f -> b l f' the first matrix reads d and writes r, the second reads r.
        boolean reads = term.stream().anyMatch(summed.and(ofData::contains));
        Predicate<Axis> in = reads ? summed.and(axis -> ofData.contains(axis) || !others.contains(axis)) : summed;
        Predicate<Axis> out = axis -> summed.test(axis) ? !in.test(axis) : !others.contains(axis);
        return new Fan(Fan.Use.MULTIPLIED, volume(term, own, summed), volume(term, own, in), volume(term, own, out));
    }

    /** The size of those axes of an operand whose names in its term pass. */
    private long volume(List<Axis> term, List<Axis> own, Predicate<Axis> counted) {
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < term.size(); i++) {
            if (counted.test(term.get(i))) {
                axes.add(own.get(i));
            }
        }
        return sizes.volume(axes);
    }
}
