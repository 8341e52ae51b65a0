package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.pass.Uses;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/**
 * Moves collectives to where they can begin without more memory for long, so that they are on their way while a device
 * computes: a sum is finished as soon as a device has its share of it, and a parameter is gathered while the one gathered before
 * is used.
 */
final class Early {
    private final List<Statement> statements = new ArrayList<>();
    private final Map<Value, List<Statement>> sums = new HashMap<>();
    private final Map<Integer, Statement> gathers = new HashMap<>();
    private final Set<Statement> moved = new HashSet<>();

    private Early() {
    }

    static Program apply(Program local) {
        Early early = new Early();
        early.plan(local);
        for (int i = 0; i < local.statements().size(); i++) {
            Statement gather = early.gathers.get(i);
            if (gather != null) {
                early.write(gather);
            }
            Statement statement = local.statements().get(i);
            if (!early.moved.contains(statement)) {
                early.write(statement);
            }
        }
        return local.with(early.statements);
    }

    private void plan(Program local) {
        Uses uses = new Uses(local);
        int used = Uses.AFTER_ALL;
        for (Statement statement : local.statements()) {
            if (!(statement.operation() instanceof Operation.Collective collective)) {
                continue;
            }
            boolean made = uses.madeAt(collective.operand()) >= 0;
            if (made && sums(collective)) {
                sums.computeIfAbsent(collective.operand(), _ -> new ArrayList<>()).add(statement);
                moved.add(statement);
            } else if (!made && collective.exchange() == Exchange.ALL_GATHER) {
                if (used < uses.madeAt(statement.result())) {
                    gathers.put(used, statement);
                    moved.add(statement);
                }
                used = uses.readers(statement.result()).stream().mapToInt(i -> i).min().orElse(Uses.AFTER_ALL);
            }
        }
    }

    private static boolean sums(Operation.Collective collective) {
        return collective.exchange() == Exchange.ALL_REDUCE || collective.exchange() == Exchange.REDUCE_SCATTER;
    }

    private void write(Statement statement) {
        statements.add(statement);
        sums.getOrDefault(statement.result(), List.of()).forEach(this::write);
    }
}
