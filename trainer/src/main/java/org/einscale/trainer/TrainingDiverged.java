package org.einscale.trainer;

import java.util.List;
import java.util.Locale;

/** The loss is no longer a finite number. Checkpoints and measurements made before stay as they are. */
public final class TrainingDiverged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;
    private final double loss;
    private final transient List<LossPoint> history;

    TrainingDiverged(long step, double loss, double learningRate, List<LossPoint> history) {
        super(String.format(Locale.ROOT,
                "the loss became %s at step %d with learning rate %s; try a lower learning rate or a longer warm-up",
                loss, step, learningRate));
        this.step = step;
        this.loss = loss;
        this.history = List.copyOf(history);
    }

    /** The step that found it, counted from 1. */
    public long step() {
        return step;
    }

    /** The loss: NaN or infinite. */
    public double loss() {
        return loss;
    }

    /** What was measured before. */
    public List<LossPoint> history() {
        return history;
    }
}
