package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.ONE;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.pass.Gradient;
import org.einscale.einsum.pass.Context;
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
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019) after clipping of the gradient's global norm (Pascanu,
 * Mikolov and Bengio 2013). At step t = 1, 2, ... with gradient g and rate r:
 *
 * <pre>
 * c  = min(1, clip / (norm of all gradients + 1e-6))
 * m' = beta1 m + (1 - beta1) c g
 * v' = beta2 v + (1 - beta2) (c g)^2
 * p' = (1 - r weightDecay) p - r sqrt(1 - beta2^t) / (1 - beta1^t) m' / (sqrt(v') + epsilon sqrt(1 - beta2^t))
 * </pre>
 *
 * The last line is Adam's update (Kingma and Ba 2015) with both bias corrections moved into scalars. Parameters of one
 * axis or none, the gains and biases, do not decay.
 *
 * @param clip largest norm; infinity for no clipping
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double clip) {
    private static final double NORM_EPSILON = 1e-6;

    /** Scalars that all parameters share, computed once a step. */
    private record Scalars(Value first, Value second, Value rate, Value epsilon, Value decay) {}

    /** @throws IllegalArgumentException if a number is outside its range */
    public AdamW {
        require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and below 1");
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        require(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY, "epsilon", epsilon, "above 0");
        require(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY, "weight decay", weightDecay, "0 or more");
        require(clip > 0, "clip", clip, "above 0, or infinity for none");
    }

    private static void require(boolean condition, String name, double found, String expected) {
        if (!condition) {
            throw new IllegalArgumentException("AdamW: " + name + " is " + found + "; expected " + expected);
        }
    }

    /**
     * A model's program followed by its gradient and the update of every parameter. Contractions of more than two operands
     * are written as pairs first, so that the gradients of all operands share cotangents.
     */
    public TrainingProgram of(Model model) {
        List<Value> values = model.parameters().stream().map(Parameter::value).toList();
        Program pairs = new Pairwise().apply(model.program(), Context.of(model.sizes()));
        Gradient.Result gradient = Gradient.of(pairs, model.loss(), values);
        ProgramBuilder builder = new ProgramBuilder(gradient.program());
        Value learningRate = builder.input("learning_rate", "");
        Value step = builder.input("step", "");
        Value norm = norm(builder, values.stream().map(value -> get(gradient.of(), value)).toList());
        builder.output(norm);
        Scalars scalars = scalars(builder, norm, learningRate, step);
        Map<Parameter, Moments> moments = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            moments.put(parameter, update(builder, parameter.value(), get(gradient.of(), parameter.value()), scalars));
        }
        return new TrainingProgram(builder.build(), learningRate, step, norm, moments);
    }

    private static Value get(Map<Value, Value> gradients, Value value) {
        return Objects.requireNonNull(gradients.get(value));
    }

    private static Value norm(ProgramBuilder builder, List<Value> gradients) {
        List<Value> squares = gradients.stream()
                .map(g -> builder.contract(List.of(g, g), List.of(g.axes(), g.axes()), List.of(), List.of())).toList();
        Value sum = squares.stream().reduce(builder::add).orElseGet(() -> builder.map(Pointwise.ZERO));
        return scalar(builder, "gradient_norm", apply(Unary.SQRT, operand(0)), sum);
    }

    private Scalars scalars(ProgramBuilder builder, Value norm, Value learningRate, Value step) {
        Pointwise clipped = combine(Binary.MINIMUM, ONE, constant(clip).over(operand(0).plus(constant(NORM_EPSILON))));
        Value scale = scalar(builder, "clip_scale", clipped, norm);
        Pointwise correction1 = ONE.minus(combine(Binary.POWER, constant(beta1), operand(0)));
        Pointwise correction2 = apply(Unary.SQRT, ONE.minus(combine(Binary.POWER, constant(beta2), operand(0))));
        Value corrected2 = scalar(builder, "bias_correction", correction2, step);
        Pointwise rate = operand(1).times(operand(2)).over(correction1);
        return new Scalars(scalar(builder, "m_share", constant(1 - beta1).times(operand(0)), scale),
                scalar(builder, "v_share", constant(1 - beta2).times(apply(Unary.SQUARE, operand(0))), scale),
                scalar(builder, "rate", rate, step, learningRate, corrected2),
                scalar(builder, "epsilon", constant(epsilon).times(operand(0)), corrected2),
                scalar(builder, "decay", ONE.minus(constant(weightDecay).times(operand(0))), learningRate));
    }

    private static Value scalar(ProgramBuilder builder, String name, Pointwise expression, Value... operands) {
        return builder.append(name, List.of(), new Operation.Map(expression, List.of(operands)));
    }

    /** Three maps in a row, so that a plan can make them one pass over memory. */
    private Moments update(ProgramBuilder builder, Value p, Value gradient, Scalars s) {
        Moments moments = new Moments(builder.stateLike(p.name() + ".m", p), builder.stateLike(p.name() + ".v", p));
        Value m = map(builder, moments.m(), constant(beta1).times(operand(0)).plus(operand(1).times(operand(2))),
                moments.m(), gradient, s.first());
        Value v = map(builder, moments.v(),
                constant(beta2).times(operand(0)).plus(apply(Unary.SQUARE, operand(1)).times(operand(2))),
                moments.v(), gradient, s.second());
        Pointwise change = operand(1).times(operand(2)).over(apply(Unary.SQRT, operand(3)).plus(operand(4)));
        Value next = p.axes().size() > 1 && weightDecay > 0
                ? map(builder, p, operand(0).times(operand(5)).minus(change), p, s.rate(), m, v, s.epsilon(), s.decay())
                : map(builder, p, operand(0).minus(change), p, s.rate(), m, v, s.epsilon());
        builder.update(moments.m(), m);
        builder.update(moments.v(), v);
        builder.update(p, next);
        return moments;
    }

    private static Value map(ProgramBuilder builder, Value like, Pointwise expression, Value... operands) {
        return builder.append(like.name() + "'", like.axes(), new Operation.Map(expression, List.of(operands)));
    }
}
