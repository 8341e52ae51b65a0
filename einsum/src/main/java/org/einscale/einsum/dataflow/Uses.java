package org.einscale.einsum.dataflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.jspecify.annotations.Nullable;

/** Which statements of a program, by position, make and read a value, counting reads through views of it. */
public final class Uses {
    /** The position at which outputs and updates are read. */
    public static final int AFTER_ALL = Integer.MAX_VALUE;

    private final Map<Value, Integer> madeAt = new HashMap<>();
    private final Map<Value, Integer> lastRead = new HashMap<>();
    private final Map<Value, List<Integer>> readers = new HashMap<>();
    private final Map<Value, Value> viewOf = new HashMap<>();

    public Uses(Program program) {
        List<Statement> statements = program.statements();
        for (int i = 0; i < statements.size(); i++) {
            Statement statement = statements.get(i);
            madeAt.put(statement.result(), i);
            if (isView(statement.operation())) {
                viewOf.put(statement.result(), statement.operation().operands().getFirst());
            }
            for (Value operand : statement.operation().operands()) {
                read(operand, i);
            }
        }
        program.outputs().forEach(value -> read(value, AFTER_ALL));
        program.updates().values().forEach(value -> read(value, AFTER_ALL));
    }

    /** Whether an operation only sees its operand in another way. */
    public static boolean isView(Operation operation) {
        return operation instanceof Operation.Split || operation instanceof Operation.Merge
                || operation instanceof Operation.Slice || operation instanceof Operation.Shard;
    }

    private void read(Value value, int at) {
        readers.computeIfAbsent(value, _ -> new ArrayList<>()).add(at);
        for (@Nullable
        Value v = value; v != null; v = viewOf.get(v)) {
            lastRead.merge(v, at, Math::max);
        }
    }

    /** The statement that makes the value; -1 for an input or state. */
    public int madeAt(Value value) {
        return madeAt.getOrDefault(value, -1);
    }

    /** The last statement that reads the value or a view of it; {@link #AFTER_ALL} for an output or update, -1 for none. */
    public int lastRead(Value value) {
        return lastRead.getOrDefault(value, -1);
    }

    /** The statements that read the value itself; {@link #AFTER_ALL} stands for an output or update. */
    public List<Integer> readers(Value value) {
        return readers.getOrDefault(value, List.of());
    }

    /** The value itself, or the one that it is a view of. */
    public Value root(Value value) {
        Value root = value;
        for (@Nullable
        Value v = value; v != null; v = viewOf.get(v)) {
            root = v;
        }
        return root;
    }
}
