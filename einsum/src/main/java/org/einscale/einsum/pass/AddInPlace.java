package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/**
 * Makes a sum where one of its addends is made, by adding that to the memory of the other addend, if nothing else reads the
 * one, and the other not again.
 */
public final class AddInPlace implements Pass {
    private static final Pointwise SUM = Pointwise.operand(0).plus(Pointwise.operand(1));

    /** A sum of a total that is there already and an addend that is made later. */
    private record Sum(Value result, Value total) {}

    @Override
    public String description() {
        return "adds a product right into the memory of the other addend";
    }

    @Override
    public Program apply(Program program, Context context) {
        List<Statement> statements = program.statements();
        Uses uses = new Uses(program);
        Map<Value, Sum> byAddend = new HashMap<>();
        Map<Value, Value> addends = new HashMap<>();
        for (int i = 0; i < statements.size(); i++) {
            int at = i;
            addend(statements, at, uses, addends).ifPresent(addend -> {
                List<Value> both = statements.get(at).operation().operands();
                Value total = both.get(1 - both.indexOf(addend));
                byAddend.put(addend, new Sum(statements.get(at).result(), total));
                addends.put(statements.get(at).result(), addend);
            });
        }
        List<Statement> made = new ArrayList<>();
        for (Statement statement : statements) {
            Value value = statement.result();
            if (byAddend.containsKey(value)) {
                Sum sum = Objects.requireNonNull(byAddend.get(value));
                made.add(new Statement(sum.result(), new Operation.Accumulate(sum.total(), statement.operation()),
                        statement.execution()));
            } else if (!addends.containsKey(value)) {
                made.add(statement);
            }
        }
        return program.with(made);
    }

    /** The addend that can be added to the other one. */
    private static Optional<Value> addend(List<Statement> statements, int at, Uses uses, Map<Value, Value> addends) {
        Statement sum = statements.get(at);
        if (!(sum.operation() instanceof Operation.Map map) || !map.expression().equals(SUM)
                || !map.operands().stream().allMatch(operand -> operand.axes().equals(sum.result().axes()))) {
            return Optional.empty();
        }
        return map.operands().reversed().stream()
                .filter(addend -> addsTo(map.operands().get(1 - map.operands().indexOf(addend)), addend, at,
                        statements, uses, addends))
                .findFirst();
    }

    private static boolean addsTo(Value total, Value addend, int at, List<Statement> statements, Uses uses,
            Map<Value, Value> addends) {
        int made = uses.madeAt(addend);
        int totalMade = uses.madeAt(addends.getOrDefault(total, total));
        return totalMade >= 0 && totalMade < made && !addends.containsKey(addend)
                && Operation.Accumulate.isAddend(statements.get(made).operation())
                && !statements.get(totalMade).execution().once() && !statements.get(made).execution().once()
                && uses.root(total).equals(total)
                && uses.readers(addend).size() == 1 && uses.lastRead(total) == at
                && uses.readers(total).stream().allMatch(reader -> reader == at
                        || reader < made && !Uses.isView(statements.get(reader).operation()));
    }
}
