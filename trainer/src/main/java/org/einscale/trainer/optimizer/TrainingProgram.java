package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.ONE;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.pipeline.Turn;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;

/**
 * A training step as a program: its batch, the model's gradient, and the update of its states, which keep their identity.
 *
 * @param program the whole step, whose outputs are those below
 * @param sizes of all axes
 * @param tokens input, the tokens of the whole batch row by row
 * @param targets input, the token that follows each
 * @param weights input, what each target counts, of mean 1 over the batch; present if they are not all 1
 * @param loss scalar output, the mean loss of the batch before the update, in nats per token
 * @param learningRate scalar input
 * @param step scalar input that counts from 1
 * @param gradientNorm scalar output, the norm of the gradient over all parameters before clipping
 * @param turns when the turn of each statement's result is; what belongs to no part of the batch has none
 */
public record TrainingProgram(Program program, Sizes sizes, Value tokens, Value targets,
        Optional<Value> weights, Value loss, Value learningRate, Value step, Value gradientNorm,
        Map<Value, Turn> turns) {
    private static final double NORM_EPSILON = 1e-6;

    /** The step of a batch that is taken at once. */
    public static TrainingProgram of(Model model, Optimizer optimizer) {
        return of(model, optimizer, 1);
    }

    /**
     * The gradient of a batch, its norm, and what the optimizer makes of them. The factor of clipping is
     * min(1, clip / (norm + 1e-6)) (Pascanu, Mikolov and Bengio 2013).
     *
     * @param model of one micro-batch
     * @param microBatches equal parts that the batch is taken in, one after the other; a step's numbers are those of the
     *            whole batch but for the order of additions
     */
    public static TrainingProgram of(Model model, Optimizer optimizer, int microBatches) {
        BatchGradient batch = BatchGradient.of(model, microBatches);
        ProgramBuilder builder = new ProgramBuilder(batch.program());
        Value learningRate = builder.input("learning_rate", "");
        Value step = builder.input("step", "");
        Value norm = norm(builder, batch.gradients().values());
        Pointwise clipped = combine(Binary.MINIMUM, ONE,
                constant(optimizer.clip()).over(operand(0).plus(constant(NORM_EPSILON))));
        Value scale = builder.append("clip_scale", List.of(), new Operation.Map(clipped, List.of(norm)));
        Map<Value, Double> rates = model.parameters().stream()
                .collect(Collectors.toMap(Parameter::value, parameter -> optimizer.rate(parameter.growth())));
        optimizer.write(new Updates(builder, batch.gradients(), scale, learningRate, step, optimizer.weightDecay(),
                rates));
        return new TrainingProgram(builder.build().only(batch.loss(), norm), batch.sizes(), batch.tokens(),
                batch.targets(), batch.weights(), batch.loss(), learningRate, step, norm, batch.turns());
    }

    private static Value norm(ProgramBuilder builder, Collection<Value> gradients) {
        List<Value> squares = gradients.stream()
                .map(g -> builder.contract(List.of(g, g), List.of(g.axes(), g.axes()), List.of(), List.of())).toList();
        Value sum = squares.stream().reduce(builder::add).orElseGet(() -> builder.map(Pointwise.ZERO));
        return builder.append("gradient_norm", List.of(),
                new Operation.Map(apply(Unary.SQRT, operand(0)), List.of(sum)));
    }
}
