package org.einscale.trainer.layer;

import java.util.List;
import org.einscale.einsum.program.Value;

/**
 * A model in which the result of every layer can be looked at.
 *
 * @param model without dropout
 * @param applied every application of a layer, those within a layer before it
 */
public record Probe(Model model, List<Applied> applied) {

    /**
     * An application of a layer.
     *
     * @param layer its name
     * @param scope the way to it, such as {@code block.0.mlp}
     * @param result a value of the model's program
     */
    public record Applied(String layer, String scope, Value result) {}

    public Probe {
        applied = List.copyOf(applied);
    }
}
