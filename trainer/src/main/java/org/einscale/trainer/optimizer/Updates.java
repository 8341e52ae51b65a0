package org.einscale.trainer.optimizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;

/** What an {@link Optimizer} reads, and where it writes. */
public final class Updates {
    private final ProgramBuilder builder;
    private final SequencedMap<Value, Value> gradients;
    private final Value scale;
    private final Value learningRate;
    private final Value step;
    private final Optional<Value> kept;
    private final Map<Value, Double> rates;

    /** @param rates what the learning rate is multiplied by for each parameter */
    Updates(ProgramBuilder builder, SequencedMap<Value, Value> gradients, Value scale, Value learningRate, Value step,
            double weightDecay, Map<Value, Double> rates) {
        this.rates = Map.copyOf(rates);
        this.builder = builder;
        this.gradients = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(gradients));
        this.scale = scale;
        this.learningRate = learningRate;
        this.step = step;
        Pointwise left = Pointwise.ONE.minus(Pointwise.constant(weightDecay).times(Pointwise.operand(0)));
        this.kept = weightDecay > 0 ? Optional.of(scalar("decay", left, learningRate)) : Optional.empty();
    }

    /** Parameter to gradient, which has the parameter's axes and is not clipped, in the model's order. */
    public SequencedMap<Value, Value> gradients() {
        return gradients;
    }

    /** Scalar between 0 and 1: clips a gradient that is multiplied by it. */
    public Value scale() {
        return scale;
    }

    /** Scalar: the learning rate of this step. */
    public Value learningRate() {
        return learningRate;
    }

    /** Scalar: the number of this step, counted from 1. */
    public Value step() {
        return step;
    }

    /** Appends a scalar, which all parameters can share. */
    public Value scalar(String name, Pointwise expression, Value... operands) {
        return builder.append(name, List.of(), new Operation.Map(expression, List.of(operands)));
    }

    /**
     * A state with the parameter's axes, 0 before training.
     *
     * @param name tells it from the parameter's other states; in checkpoints it is called {@code parameter.name}
     */
    public Value state(Value parameter, String name) {
        return builder.stateLike(parameter.name() + "." + name, parameter);
    }

    /**
     * Appends the next value of a state. Those that follow one another are one pass over memory.
     *
     * @param next of the operands, whose axes are the state's, or none
     * @return what the state will hold after the step
     */
    public Value set(Value state, Pointwise next, Value... operands) {
        Value value = builder.append(state.name() + "'", state.axes(), new Operation.Map(next, List.of(operands)));
        builder.update(state, value);
        return value;
    }

    /**
     * Appends the next value of a parameter: what weight decay leaves of it, less the change, which is multiplied by the
     * parameter's own share of the learning rate.
     *
     * @param change of the operands, whose axes are the parameter's, or none; counted from 1, as 0 is the parameter
     */
    public void descend(Value parameter, Pointwise change, Value... operands) {
        List<Value> all = new ArrayList<>(List.of(parameter));
        all.addAll(List.of(operands));
        Pointwise left = Pointwise.operand(0);
        if (kept.isPresent() && parameter.axes().size() > 1) {
            left = left.times(Pointwise.operand(all.size()));
            all.add(kept.get());
        }
        double rate = Objects.requireNonNull(rates.get(parameter));
        Pointwise own = rate == 1 ? change : change.times(Pointwise.constant(rate));
        set(parameter, left.minus(own), all.toArray(Value[]::new));
    }
}
