package org.einscale.bench.peer;

import java.util.ArrayList;
import java.util.List;
import org.einscale.bench.Recipe;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Clipping and AdamW by ND4J's fused Adam operation, as SameDiff's training session applies it. The session itself is not
 * used because it has no clipping by the norm over all parameters.
 */
final class SameDiffAdamW implements AutoCloseable {
    private static final double NORM_GUARD = 1e-6;

    private final List<INDArray> parameters;
    private final List<INDArray> moments = new ArrayList<>();
    private final List<GradientUpdater<?>> updaters = new ArrayList<>();
    private int step;

    /** Moments start at zero. The parameters are updated in place. */
    SameDiffAdamW(List<INDArray> parameters) {
        this.parameters = List.copyOf(parameters);
        Adam adam = Adam.builder().learningRate(Recipe.LEARNING_RATE).beta1(Recipe.BETA1).beta2(Recipe.BETA2)
                .epsilon(Recipe.EPSILON).build();
        for (INDArray parameter : parameters) {
            INDArray state = Nd4j.zeros(DataType.FLOAT, 1, adam.stateSize(parameter.length()));
            moments.add(state);
            updaters.add(adam.instantiate(state, true));
        }
    }

    /** One update. The gradients, in the order of the parameters, are overwritten. */
    void update(List<INDArray> gradients) {
        double squares = 0;
        for (INDArray gradient : gradients) {
            double norm = gradient.norm2Number().doubleValue();
            squares += norm * norm;
        }
        double scale = Math.min(1, Recipe.CLIP_NORM / (Math.sqrt(squares) + NORM_GUARD));
        for (int i = 0; i < parameters.size(); i++) {
            INDArray parameter = parameters.get(i);
            INDArray gradient = gradients.get(i);
            if (scale < 1) {
                gradient.muli(scale);
            }
            updaters.get(i).applyUpdater(gradient, step, 0);
            parameter.muli(1 - Recipe.LEARNING_RATE * Recipe.WEIGHT_DECAY).subi(gradient);
        }
        step++;
    }

    @Override
    public void close() {
        moments.forEach(INDArray::close);
    }
}
