package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.dataflow.Outside;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/** Has what depends on no state and no input that varies computed once, in the first run of a session. */
public final class Hoist implements Pass {

    @Override
    public String description() {
        return "marks what is the same in every run, to be computed once";
    }

    @Override
    public Program apply(Program program, Context context) {
        Outside outside = context.outside();
        Set<Value> varying = new HashSet<>(program.inputs());
        varying.removeAll(outside.constants());
        varying.addAll(program.states());
        List<Statement> statements = new ArrayList<>();
        for (Statement statement : program.statements()) {
            // Devices meet in every run or in none. The caller's memory for an output may be another in every run, so that it is written in every run.
            if (outside.strides().containsKey(statement.result())
                    || statement.operation().meets()
                    || statement.operation().operands().stream().anyMatch(varying::contains)) {
                varying.add(statement.result());
                statements.add(statement);
            } else {
                statements.add(statement.with(statement.execution().onlyOnce()));
            }
        }
        return program.with(statements);
    }
}
