package org.einscale.trainer;

import java.util.Locale;

/** The training's thread was interrupted. Where the training has a folder, its checkpoint is up to date. */
public final class TrainingInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;

    TrainingInterrupted(long step, long steps) {
        super(String.format(Locale.ROOT, "interrupted after step %d of %d", step, steps));
        this.step = step;
    }

    /** Steps done. */
    public long step() {
        return step;
    }
}
