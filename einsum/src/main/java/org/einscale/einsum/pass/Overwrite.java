package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.dataflow.Outside;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.program.Execution.Memory;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Has operations that go element by element, or row by row, put their result where one of their operands is: in that of the
 * state which it updates, or in one that nothing reads any more.
 */
public final class Overwrite implements Pass {

    @Override
    public String description() {
        return "puts results where operands are that nothing reads again";
    }

    @Override
    public Program apply(Program program, Context context) {
        Owners owners = new Owners(program, context);
        List<Statement> placed = new ArrayList<>();
        for (List<Statement> block : program.blocks()) {
            for (Statement statement : block) {
                Statement made = statement.execution().memory() instanceof Memory.Own
                        ? owners.over(statement, placed.size(), read(statement, block))
                                .map(value -> statement.with(statement.execution().at(new Memory.Over(value))))
                                .orElse(statement)
                        : statement;
                owners.put(made);
                placed.add(made);
            }
        }
        return program.with(placed);
    }

    /** What is read while the result of a statement is written, from memory: for a map, by all maps of its block. */
    private static List<Value> read(Statement statement, List<Statement> block) {
        if (!(statement.operation() instanceof Operation.Map)) {
            return statement.operation().operands();
        }
        List<Value> made = block.stream().map(Statement::result).toList();
        return block.stream().flatMap(s -> s.operation().operands().stream()).filter(v -> !made.contains(v)).toList();
    }

    /** Whose memory each value is in, and until when something is there that is still read. */
    private static final class Owners {
        private final Program program;
        private final Outside outside;
        private final Sizes sizes;
        private final Uses uses;
        private final Map<Value, Value> owner = new HashMap<>();
        private final Map<Value, Integer> readUntil = new HashMap<>();
        /** Owners whose memory outlives a run, or is set before it. */
        private final Set<Value> lasting = new HashSet<>();
        /** Values that fill the memory of their owner, row-major. */
        private final Set<Value> whole = new HashSet<>();
        private final Map<Value, Value> stateUpdatedBy = new HashMap<>();

        Owners(Program program, Context context) {
            this.program = program;
            this.outside = context.outside();
            this.sizes = context.sizes();
            this.uses = new Uses(program);
            program.inputs().forEach(this::lasts);
            program.states().forEach(this::lasts);
            program.updates().forEach((state, value) -> stateUpdatedBy.putIfAbsent(value, state));
        }

        private void lasts(Value value) {
            lasting.add(value);
            put(value, value, !outside.strides().containsKey(value));
        }

        private void put(Value value, Value of, boolean fills) {
            owner.put(value, of);
            readUntil.merge(of, uses.lastRead(value), Math::max);
            if (fills) {
                whole.add(value);
            }
        }

        /** The result of a statement is where it is decided to be from now on. */
        void put(Statement statement) {
            Value result = statement.result();
            switch (statement.operation()) {
                case Operation.Split split -> put(result, owner(split.operand()), whole.contains(split.operand()));
                case Operation.Merge merge -> put(result, owner(merge.operand()), whole.contains(merge.operand()));
                case Operation.Slice slice -> put(result, owner(slice.operand()), false);
                case Operation.Shard shard -> put(result, owner(shard.operand()), false);
                case Operation.Accumulate accumulate ->
                    put(result, owner(accumulate.total()), whole.contains(accumulate.total()));
                default -> put(result, statement.execution().over().map(this::owner).orElse(result),
                        !outside.strides().containsKey(result));
            }
            if (statement.execution().once()) {
                lasting.add(owner(result));
            }
        }

        private Value owner(Value value) {
            return Objects.requireNonNull(owner.get(value), value::toString);
        }

        /** The operand in whose place a result can be. */
        Optional<Value> over(Statement statement, int at, List<Value> read) {
            Value result = statement.result();
            if (outside.strides().containsKey(result)) {
                return Optional.empty();
            }
            List<Value> operands = overwritable(statement.operation()).stream().filter(owner::containsKey)
                    .filter(read::contains).filter(value -> mayGo(value, result.axes(), at, read)).toList();
            Value state = stateUpdatedBy.get(result);
            if (state != null && operands.contains(state)) {
                return Optional.of(state);
            }
            return uses.lastRead(result) == Uses.AFTER_ALL
                    ? Optional.empty()
                    : operands.stream().filter(value -> !lasting.contains(owner(value))).findFirst();
        }

        /** Operands of which an element, or a row, is not read again after the result's has been written. */
        private List<Value> overwritable(Operation operation) {
            return switch (operation) {
                case Operation.Map _,Operation.Softmax _,Operation.SoftmaxGradient _,Operation.Normalise _,Operation.NormaliseGradient _ ->
                    operation.operands();
                case Operation.CrossEntropyGradient gradient -> List.of(gradient.logits());
                case Operation.Collective collective when collective.exchange() == Operation.Exchange.ALL_REDUCE
                        && sizes.volume(collective.operand().axes()) > Operation.Collective.AT_ONCE ->
                    collective.operands();
                default -> List.of();
            };
        }

        private boolean mayGo(Value operand, List<Axis> axes, int at, List<Value> read) {
            Value memory = owner(operand);
            return fills(operand, axes) && !program.outputs().contains(operand)
                    && readUntil.getOrDefault(memory, -1) <= at
                    && read.stream().noneMatch(other -> owner(other).equals(memory) && !fills(other, axes));
        }

        /** Whether the elements of a value with these axes are the memory of its owner, in order. */
        private boolean fills(Value value, List<Axis> axes) {
            return whole.contains(value) && value.axes().equals(axes);
        }
    }
}
