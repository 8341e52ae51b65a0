package org.einscale.einsum.pass.gradient;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pass;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;

/**
 * Reverse-mode differentiation as a pass: the program is followed by statements that compute the cotangent of every value
 * between a scalar and the values asked for (Linnainmaa 1970). The gradients are the last outputs, in the order of the values.
 *
 * @param loss
 *            a scalar
 */
public record Gradient(Value loss, List<Value> withRespectTo) implements Pass {

    public Gradient {
        withRespectTo = List.copyOf(withRespectTo);
    }

    /**
     * For those who go on building.
     *
     * @param program
     *            the program with the gradients' statements added
     * @param of
     *            gradient with respect to each value asked for, with the same axes
     * @param through
     *            for each value added on the way back, the result of the statement that the way led through
     */
    public record Result(Program program, Map<Value, Value> of, Map<Value, Value> through) {}

    @Override
    public String description() {
        return "adds the gradients of a scalar";
    }

    @Override
    public Program apply(Program program, Context context) {
        Result result = of(program, loss, withRespectTo);
        ProgramBuilder builder = new ProgramBuilder(result.program());
        withRespectTo.forEach(value -> builder.output(Objects.requireNonNull(result.of().get(value))));
        return builder.build();
    }

    /**
     * The gradient of a scalar.
     *
     * @throws ProgramError
     *             if the loss has axes, or depends on one of the values only through an operation without a derivative
     */
    public static Result of(Program program, Value loss, List<Value> withRespectTo) {
        if (!loss.axes().isEmpty()) {
            throw new ProgramError("gradient of " + loss + ": expected a scalar; sum or average over its axes first");
        }
        ProgramBuilder builder = new ProgramBuilder(program);
        Value one = builder.map(Pointwise.ONE);
        return of(program, builder, loss, one, withRespectTo);
    }

    /**
     * The vector-Jacobian product: gradient of {@code sum(result * cotangent)} for a given cotangent of one result.
     *
     * @param cotangent
     *            an input of the program with the axes of the result
     */
    public static Result of(Program program, Value result, Value cotangent, List<Value> withRespectTo) {
        return of(program, new ProgramBuilder(program), result, cotangent, withRespectTo);
    }

    private static Result of(Program program, ProgramBuilder builder, Value result, Value cotangent,
            List<Value> withRespectTo) {
        Cotangents cotangents = new Cotangents(program, builder, withRespectTo);
        Map<Value, Value> gradients = cotangents.of(result, cotangent, withRespectTo);
        return new Result(builder.build(), gradients, cotangents.through());
    }
}
