package org.einscale.einsum.pass;

import java.util.List;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** Writes means and log-sum-exps as simpler reductions and maps. */
public final class Reductions implements Pass {

    @Override
    public String description() {
        return "writes means and log-sum-exps as sums, maxima and maps";
    }

    @Override
    public Program apply(Program program, Context context) {
        return Rewrite.of(program,
                (statement, fresh) -> statement.operation() instanceof Operation.Reduce(Reduction kind, Value operand)
                        ? switch (kind) {
                            case MEAN -> mean(operand, statement.result(), fresh);
                            case LOG_SUM_EXP -> logSumExp(operand, statement.result(), fresh);
                            case SUM, PROD, MAX, MIN -> List.of(statement);
                        }
                        : List.of(statement));
    }

    /** The sum over the number of elements. */
    private static List<Statement> mean(Value operand, Value result, Rewrite.Fresh fresh) {
        Value sum = fresh.value("sum", result.axes());
        List<Axis> reduced = operand.axes().stream().filter(a -> !result.axes().contains(a)).toList();
        Pointwise mean = Pointwise.operand(0).over(new Pointwise.Volume(reduced));
        return List.of(new Statement(sum, new Operation.Reduce(Reduction.SUM, operand)),
                new Statement(result, new Operation.Map(mean, List.of(sum))));
    }

    /** {@code m + log(sum(exp(x - m)))}, where m is the maximum made finite, so that no exponential overflows. */
    private static List<Statement> logSumExp(Value operand, Value result, Rewrite.Fresh fresh) {
        Value max = fresh.value("max", result.axes());
        Value shift = fresh.value("shift", result.axes());
        Value powers = fresh.value("exp", operand.axes());
        Value sum = fresh.value("sum", result.axes());
        Pointwise power = Pointwise.apply(Unary.EXP, Pointwise.operand(0).minus(Pointwise.operand(1)));
        Pointwise log = Pointwise.apply(Unary.LOG, Pointwise.operand(0)).plus(Pointwise.operand(1));
        return List.of(new Statement(max, new Operation.Reduce(Reduction.MAX, operand)),
                new Statement(shift, new Operation.Map(finite(Pointwise.operand(0)), List.of(max))),
                new Statement(powers, new Operation.Map(power, List.of(operand, shift))),
                new Statement(sum, new Operation.Reduce(Reduction.SUM, powers)),
                new Statement(result, new Operation.Map(log, List.of(sum, shift))));
    }

    /**
     * A number where it is finite, and 1 or -1 in the place of an infinity, whose difference from itself is no number. The
     * bounds are 1/0 for finite numbers and 1 for others, in any precision.
     */
    private static Pointwise finite(Pointwise x) {
        Pointwise isFinite = Pointwise.combine(Binary.EQUAL, x.minus(x), Pointwise.ZERO);
        Pointwise bound = Pointwise.apply(Unary.RECIPROCAL, Pointwise.ONE.minus(isFinite));
        return Pointwise.combine(Binary.MINIMUM, Pointwise.combine(Binary.MAXIMUM, x, bound.negate()), bound);
    }
}
