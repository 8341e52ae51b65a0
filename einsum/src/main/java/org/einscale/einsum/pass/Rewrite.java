package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.List;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/** Replaces every statement by some that end with the same result, so that nothing else in the program changes. */
public final class Rewrite {

    /** What becomes of one statement: the last of the returned ones has its result. */
    public interface Rule {
        List<Statement> apply(Statement statement, Fresh fresh);
    }

    /** Makes values that are not in the program yet. */
    public static final class Fresh {
        private int next;

        private Fresh(int next) {
            this.next = next;
        }

        public Value value(String name, List<Axis> axes) {
            return new Value(next++, name, axes);
        }
    }

    private Rewrite() {
    }

    public static Program of(Program program, Rule rule) {
        Fresh fresh = new Fresh(program.values().stream().mapToInt(Value::id).max().orElse(-1) + 1);
        List<Statement> statements = new ArrayList<>();
        program.statements().forEach(statement -> statements.addAll(rule.apply(statement, fresh)));
        return program.with(statements);
    }
}
