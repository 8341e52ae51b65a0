package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.tensor.Axis;
import org.jspecify.annotations.Nullable;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/**
 * Which statements read a value, counting reads through views of it, and where a sum can be made by adding to one of its
 * addends instead of by a statement of its own.
 */
final class Liveness {
    private static final int AFTER_ALL = Integer.MAX_VALUE;

    private final List<Statement> statements;
    private final Map<Value, Integer> madeAt = new HashMap<>();
    private final Map<Value, Integer> lastRead = new HashMap<>();
    private final Map<Value, List<Integer>> readers = new HashMap<>();
    private final Map<Value, Value> viewOf = new HashMap<>();
    private final Map<Value, Value> addsTo = new HashMap<>();
    private final Map<Value, Value> sums = new HashMap<>();
    private final Set<Value> constants = new HashSet<>();

    Liveness(Program program, Outside outside) {
        statements = program.statements();
        Set<Value> varying = new HashSet<>(program.inputs());
        varying.removeAll(outside.constants());
        varying.addAll(program.states());
        for (int i = 0; i < statements.size(); i++) {
            Statement statement = statements.get(i);
            madeAt.put(statement.result(), i);
            if (statement.operation() instanceof Operation.Split || statement.operation() instanceof Operation.Merge
                    || statement.operation() instanceof Operation.Slice) {
                viewOf.put(statement.result(), statement.operation().operands().getFirst());
            }
            // The caller's memory for an output may be another in every run, so that it is written in every run.
            boolean varies = outside.strides().containsKey(statement.result())
                    || statement.operation().operands().stream().anyMatch(varying::contains);
            (varies ? varying : constants).add(statement.result());
            for (Value operand : statement.operation().operands()) {
                read(operand, i);
            }
        }
        program.outputs().forEach(value -> read(value, AFTER_ALL));
        program.updates().values().forEach(value -> read(value, AFTER_ALL));
        for (int i = 0; i < statements.size(); i++) {
            findSum(i);
        }
    }

    private void read(Value value, int at) {
        readers.computeIfAbsent(value, v -> new ArrayList<>()).add(at);
        for (@Nullable
        Value v = value; v != null; v = viewOf.get(v)) {
            lastRead.merge(v, at, Math::max);
        }
    }

    /** The last statement that reads the value or a view of it; {@link Integer#MAX_VALUE} for an output or update, -1 for none. */
    int lastRead(Value value) {
        return lastRead.getOrDefault(value, -1);
    }

    /** The statements that read the value itself, by position; {@link Integer#MAX_VALUE} stands for an output or update. */
    List<Integer> readers(Value value) {
        return readers.getOrDefault(value, List.of());
    }

    /** The value itself, or the one that it is a view of. */
    Value root(Value value) {
        Value root = value;
        for (@Nullable
        Value v = value; v != null; v = viewOf.get(v)) {
            root = v;
        }
        return root;
    }

    /** Whether the value is the same in every run. */
    boolean constant(Value value) {
        return constants.contains(value);
    }

    boolean isView(Value value) {
        return viewOf.containsKey(value);
    }

    /** The value to whose memory this one is added when it is made, or null. */
    @Nullable
    Value addsTo(Value value) {
        return addsTo.get(value);
    }

    /** Whether others are added to the value's memory. */
    boolean isAddedTo(Value value) {
        return addsTo.containsValue(value);
    }

    /** The addend in whose memory this value, a sum, comes to be, or null if it is made by its own statement. */
    @Nullable
    Value sumIn(Value value) {
        return sums.get(value);
    }

    private void findSum(int at) {
        Statement statement = statements.get(at);
        if (statement.operation() instanceof Operation.Map map && map.operands().size() == 2 && isSum(map)) {
            Value left = map.operands().get(0);
            Value right = map.operands().get(1);
            List<Axis> axes = statement.result().axes();
            if (left.axes().equals(axes) && right.axes().equals(axes) && !tryAdd(statement.result(), left, right, at)) {
                tryAdd(statement.result(), right, left, at);
            }
        }
    }

    private static boolean isSum(Operation.Map map) {
        return map.expression().equals(Pointwise.operand(0)
                .plus(Pointwise.operand(1)));
    }

    /** Makes {@code addend} add to {@code to} if it is made after all other reads of that and read by the sum alone. */
    private boolean tryAdd(Value sum, Value to, Value addend, int at) {
        Integer made = madeAt.get(addend);
        Integer toMade = madeAt.get(to);
        if (made == null || toMade == null || toMade >= made || constant(to) || constant(addend) || isView(to)
                || to.equals(addend)) {
            return false;
        }
        boolean adds = switch (statements.get(made).operation()) {
            case Operation.Contract contract -> contract.semiring() == Semiring.SUM_PRODUCT;
            case Operation.NormaliseGradient _ -> true;
            default -> false;
        };
        if (!adds || sums.containsKey(addend) || addsTo.containsKey(addend) || readers(addend).size() != 1
                || lastRead(to) != at
                || readers(to).stream().anyMatch(r -> r != at && (r >= made || isView(statements.get(r).result())))) {
            return false;
        }
        addsTo.put(addend, to);
        sums.put(sum, to);
        return true;
    }
}
