package org.einscale.bench.mesh;

import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Parameter;

/** One training on the calling thread. */
public final class Alone implements Racer {
    private final Gpt gpt;
    private final Session session;
    private int steps;

    public Alone(ModelSize size) {
        this.gpt = Gpt.of(size);
        this.session = new Session(
                Plan.compile(gpt.planned().program(), gpt.planned().context(), true));
        for (Parameter parameter : gpt.parameters()) {
            session.array(parameter.value()).assign(gpt.start(parameter.value()));
        }
        Raw.putFloat(session.address(gpt.step().learningRate()), (float) Recipe.LEARNING_RATE);
    }

    private void step() {
        Raw.putFloat(session.address(gpt.step().step()), ++steps);
        session.run();
    }

    @Override
    public double tokensPerSecond(double seconds) {
        return Racer.time(seconds, gpt.tokens(), this::step);
    }

    @Override
    public void close() {
        session.close();
    }
}
