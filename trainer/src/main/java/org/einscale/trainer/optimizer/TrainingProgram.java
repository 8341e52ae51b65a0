package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.ONE;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Gradient;
import org.einscale.einsum.pass.Pairwise;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;

/**
 * A training step as a program: the model's inputs and outputs, its gradient, and the update of its states.
 *
 * @param program the whole step; the model's values keep their identity in it
 * @param learningRate scalar input
 * @param step scalar input that counts from 1
 * @param gradientNorm scalar output, the norm of the gradient over all parameters before clipping
 */
public record TrainingProgram(Program program, Value learningRate, Value step, Value gradientNorm) {
    private static final double NORM_EPSILON = 1e-6;

    /**
     * A model's program followed by its gradient, the gradient's norm, and what the optimizer makes of them. The factor of
     * clipping is min(1, clip / (norm + 1e-6)) (Pascanu, Mikolov and Bengio 2013). Contractions of more than two operands
     * are written as pairs first, so that the gradients of all operands share cotangents.
     */
    public static TrainingProgram of(Model model, Optimizer optimizer) {
        List<Value> parameters = model.parameters().stream().map(Parameter::value).toList();
        Program pairs = new Pairwise().apply(model.program(), Context.of(model.sizes()));
        Gradient.Result gradient = Gradient.of(pairs, model.loss(), parameters);
        SequencedMap<Value, Value> gradients = new LinkedHashMap<>();
        parameters.forEach(parameter -> gradients.put(parameter,
                Objects.requireNonNull(gradient.of().get(parameter))));
        ProgramBuilder builder = new ProgramBuilder(gradient.program());
        Value learningRate = builder.input("learning_rate", "");
        Value step = builder.input("step", "");
        Value norm = norm(builder, gradients.values());
        builder.output(norm);
        Pointwise clipped = combine(Binary.MINIMUM, ONE,
                constant(optimizer.clip()).over(operand(0).plus(constant(NORM_EPSILON))));
        Value scale = builder.append("clip_scale", List.of(), new Operation.Map(clipped, List.of(norm)));
        optimizer.write(new Updates(builder, gradients, scale, learningRate, step, optimizer.weightDecay()));
        return new TrainingProgram(builder.build(), learningRate, step, norm);
    }

    private static Value norm(ProgramBuilder builder, Collection<Value> gradients) {
        List<Value> squares = gradients.stream()
                .map(g -> builder.contract(List.of(g, g), List.of(g.axes(), g.axes()), List.of(), List.of())).toList();
        Value sum = squares.stream().reduce(builder::add).orElseGet(() -> builder.map(Pointwise.ZERO));
        return builder.append("gradient_norm", List.of(),
                new Operation.Map(apply(Unary.SQRT, operand(0)), List.of(sum)));
    }
}
