package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.ONE;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.trainer.optimizer.Optimizer.require;

import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.einscale.trainer.layer.Growth;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019). At step t = 1, 2, ... with clipped gradient g and rate r:
 *
 * <pre>
 * m' = beta1 m + (1 - beta1) g
 * v' = beta2 v + (1 - beta2) g^2
 * p' = (1 - r weightDecay) p - r sqrt(1 - beta2^t) / (1 - beta1^t) m' / (sqrt(v') + epsilon sqrt(1 - beta2^t))
 * </pre>
 *
 * The rate in the last term is the parameter's own, {@link #rate}. That line is Adam's update (Kingma and Ba 2015) with both bias
 * corrections moved into scalars. Each parameter has the states {@code m} and {@code v}.
 *
 * @param clip largest norm; infinity for no clipping
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double clip) implements Optimizer {
    /** @throws IllegalArgumentException if a number is outside its range */
    public AdamW {
        require(beta1 >= 0 && beta1 < 1, "AdamW: beta1", beta1, "at least 0 and below 1");
        require(beta2 >= 0 && beta2 < 1, "AdamW: beta2", beta2, "at least 0 and below 1");
        require(epsilon > 0 && Double.isFinite(epsilon), "AdamW: epsilon", epsilon, "above 0");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "AdamW: weight decay", weightDecay, "0 or more");
        require(clip > 0, "AdamW: clip", clip, "above 0, or infinity for none");
    }

    /** The update's elements are as large whatever the gradient's, so that those that an output sums over must be smaller. */
    @Override
    public double rate(Growth growth) {
        return 1 / growth.in();
    }

    @Override
    public void write(Updates to) {
        Pointwise unbiased = ONE.minus(combine(Binary.POWER, constant(beta1), operand(0)));
        Pointwise unbiasedRoot = apply(Unary.SQRT, ONE.minus(combine(Binary.POWER, constant(beta2), operand(0))));
        Value correction = to.scalar("bias_correction", unbiasedRoot, to.step());
        Value mShare = to.scalar("m_share", constant(1 - beta1).times(operand(0)), to.scale());
        Value vShare = to.scalar("v_share", constant(1 - beta2).times(apply(Unary.SQUARE, operand(0))), to.scale());
        Value rate = to.scalar("rate", operand(1).times(operand(2)).over(unbiased), to.step(), to.learningRate(),
                correction);
        Value least = to.scalar("epsilon", constant(epsilon).times(operand(0)), correction);
        Pointwise mean = constant(beta1).times(operand(0)).plus(operand(1).times(operand(2)));
        Pointwise square = constant(beta2).times(operand(0)).plus(apply(Unary.SQUARE, operand(1)).times(operand(2)));
        Pointwise change = operand(1).times(operand(2)).over(apply(Unary.SQRT, operand(3)).plus(operand(4)));
        to.gradients().forEach((p, gradient) -> {
            Value m = to.state(p, "m");
            Value v = to.state(p, "v");
            Value nextM = to.set(m, mean, m, gradient, mShare);
            Value nextV = to.set(v, square, v, gradient, vShare);
            to.descend(p, change, rate, nextM, nextV, least);
        });
    }
}
