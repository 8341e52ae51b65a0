package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;

/** Runs of neighbouring statements that a device takes together. */
final class Blocks {

    /** What becomes of the statements of a block, the first of which stands at a position, given the block's number. */
    interface Rule {
        List<Statement> apply(List<Statement> block, int start, int number);
    }

    private Blocks() {
    }

    /**
     * Gathers statements that are in no block yet, as long as they join; one alone stays as it is.
     *
     * @param joins
     *            whether a statement may follow those of a block, or begin one if there are none
     */
    static Program join(Program program, BiPredicate<List<Statement>, Statement> joins, Rule rule) {
        List<Statement> statements = program.statements();
        int number = program.statements().stream().mapToInt(s -> s.execution().block().orElse(-1)).max().orElse(-1) + 1;
        List<Statement> joined = new ArrayList<>();
        int end;
        for (int start = 0; start < statements.size(); start = end) {
            end = start;
            while (end < statements.size() && statements.get(end).execution().block().isEmpty()
                    && joins.test(statements.subList(start, end), statements.get(end))) {
                end++;
            }
            if (end > start + 1) {
                joined.addAll(rule.apply(statements.subList(start, end), start, number++));
            } else {
                end = start + 1;
                joined.add(statements.get(start));
            }
        }
        return program.with(joined);
    }
}
