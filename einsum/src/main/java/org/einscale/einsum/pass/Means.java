package org.einscale.einsum.pass;

import java.util.List;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/** Writes a mean as a sum over the number of elements. */
public final class Means {
    private Means() {
    }

    public static Program expand(Program program) {
        return Rewrite.of(program, (statement, fresh) -> {
            if (!(statement.operation() instanceof Operation.Reduce(Reduction reduction, Value operand))
                    || reduction != Reduction.MEAN) {
                return List.of(statement);
            }
            Value sum = fresh.value("sum", statement.result().axes());
            List<Axis> reduced = operand.axes().stream().filter(a -> !statement.result().axes().contains(a)).toList();
            Pointwise mean = Pointwise.operand(0).over(new Pointwise.Volume(reduced));
            return List.of(new Statement(sum, new Operation.Reduce(Reduction.SUM, operand)),
                    new Statement(statement.result(), new Operation.Map(mean, List.of(sum))));
        });
    }
}
