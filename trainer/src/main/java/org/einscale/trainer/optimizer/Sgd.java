package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.trainer.optimizer.Optimizer.require;

import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Value;
import org.einscale.trainer.layer.Growth;

/**
 * Stochastic gradient descent with momentum (Polyak 1964) and decoupled weight decay (SGDW, Loshchilov and Hutter 2019).
 * With clipped gradient g and rate r:
 *
 * <pre>
 * u' = momentum u + g
 * p' = (1 - r weightDecay) p - r u'                      without nesterov
 * p' = (1 - r weightDecay) p - r (g + momentum u')       with nesterov
 * </pre>
 *
 * Where it does not multiply the decay, the rate is the parameter's own, {@link #rate}. The last line is Nesterov's accelerated
 * gradient (Sutskever, Martens, Dahl and Hinton 2013) in terms of the point at which the gradient is taken (Bengio,
 * Boulanger-Lewandowski and Pascanu 2013). Each parameter has the state {@code u}.
 *
 * @param clip largest norm; infinity for no clipping
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay, double clip) implements Optimizer {
    /** @throws IllegalArgumentException if a number is outside its range */
    public Sgd {
        require(momentum >= 0 && momentum < 1, "SGD: momentum", momentum, "at least 0 and below 1");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "SGD: weight decay", weightDecay, "0 or more");
        require(clip > 0, "SGD: clip", clip, "above 0, or infinity for none");
    }

    @Override
    public double rate(Growth growth) {
        return growth.out() / growth.in();
    }

    @Override
    public void write(Updates to) {
        Pointwise velocity = constant(momentum).times(operand(0)).plus(operand(1).times(operand(2)));
        Pointwise change = operand(1).times(operand(2));
        Pointwise ahead = operand(1).times(operand(3).times(operand(4)).plus(constant(momentum).times(operand(2))));
        to.gradients().forEach((p, gradient) -> {
            Value u = to.state(p, "u");
            Value next = to.set(u, velocity, u, gradient, to.scale());
            if (nesterov) {
                to.descend(p, ahead, to.learningRate(), next, gradient, to.scale());
            } else {
                to.descend(p, change, to.learningRate(), next);
            }
        });
    }
}
