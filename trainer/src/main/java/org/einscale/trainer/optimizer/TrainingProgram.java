package org.einscale.trainer.optimizer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.trainer.layer.Parameter;

/**
 * A training step as a program: the model's inputs and outputs, its gradient, and the update of its states.
 *
 * @param program the whole step; the model's values keep their identity in it
 * @param learningRate scalar input
 * @param step scalar input that counts from 1, for the correction of the moments' bias
 * @param gradientNorm scalar output, the norm of the gradient over all parameters before clipping
 * @param moments by parameter, in the model's order
 */
public record TrainingProgram(Program program, Value learningRate, Value step, Value gradientNorm,
        Map<Parameter, Moments> moments) {
    public TrainingProgram {
        moments = Collections.unmodifiableMap(new LinkedHashMap<>(moments));
    }
}
