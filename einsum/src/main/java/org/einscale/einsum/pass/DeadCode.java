package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/** Drops statements that no output and no update needs. */
public final class DeadCode implements Pass {

    @Override
    public String description() {
        return "drops statements that no output and no update needs";
    }

    @Override
    public Program apply(Program program, Context context) {
        Set<Value> needed = new HashSet<>(program.outputs());
        needed.addAll(program.updates().values());
        List<Statement> kept = new ArrayList<>();
        for (Statement statement : program.statements().reversed()) {
            if (needed.contains(statement.result())) {
                needed.addAll(statement.operation().operands());
                kept.add(statement);
            }
        }
        return program.with(kept.reversed());
    }
}
