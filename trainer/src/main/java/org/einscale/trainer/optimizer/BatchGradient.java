package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pairwise;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.pipeline.Turn;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;

/**
 * Loss and gradients of a batch, taken at once or in equal parts one after the other (micro-batches): the loss is the mean of
 * theirs, and every gradient the sum of what each adds to it.
 *
 * @param program with these for its last statements; what updates the parameters may follow
 * @param sizes of all axes, those of the whole batch included
 * @param tokens input, all tokens of the batch, row by row
 * @param targets input, the token that follows each
 * @param weights input, what each target counts, of mean 1 over the whole batch; present if they are not all 1
 * @param loss scalar, the mean of the whole batch
 * @param gradients of the model's parameters, in its order
 * @param turns when the turn of each statement's result is
 */
record BatchGradient(Program program, Sizes sizes, Value tokens, Value targets, Optional<Value> weights,
        Value loss, SequencedMap<Value, Value> gradients, Map<Value, Turn> turns) {
    BatchGradient {
        gradients = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(gradients));
        turns = Map.copyOf(turns);
    }

    /**
     * Contractions of more than two operands are written as pairs first, so that the gradients of all operands share
     * cotangents.
     *
     * @param model of one part of the batch
     */
    static BatchGradient of(Model model, int parts) {
        Program pairs = new Pairwise().apply(model.program(), Context.of(model.sizes()));
        ProgramBuilder builder = new ProgramBuilder(pairs);
        Value share = parts == 1 ? model.loss() : builder.map(operand(0).times(constant(1.0 / parts)), model.loss());
        Program forward = builder.build();
        Gradient.Result gradient = Gradient.of(forward, share,
                model.parameters().stream().map(Parameter::value).toList());
        Map<Value, Turn> turns = turns(forward, gradient);
        SequencedMap<Value, Value> gradients = new LinkedHashMap<>();
        model.parameters().forEach(parameter -> gradients.put(parameter.value(),
                Objects.requireNonNull(gradient.of().get(parameter.value()))));
        return parts == 1
                ? new BatchGradient(gradient.program(), model.sizes(), model.tokens(), model.targets(),
                        model.weights(), share,
                        gradients, turns)
                : new MicroBatches(model, gradient, parts, turns).sum(share, gradients);
    }

    private static Map<Value, Turn> turns(Program forward, Gradient.Result gradient) {
        Map<Value, Integer> depths = new HashMap<>();
        forward.statements().forEach(statement -> depths.put(statement.result(), depths.size()));
        Map<Value, Turn> turns = new HashMap<>();
        for (Statement statement : gradient.program().statements()) {
            Value result = statement.result();
            Value through = gradient.through().get(result);
            Integer depth = depths.get(through == null ? result : through);
            turns.put(result, new Turn(0, !depths.containsKey(result), depth == null ? depths.size() - 1 : depth));
        }
        return turns;
    }
}
