package org.einscale.trainer;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.layer.Probe;

/**
 * Finds what makes no error but hardly a language model: axes summed by accident, predictions that depend on later tokens
 * or on other sequences of the batch. The latter by trying: tokens are changed, and what should not change is looked at.
 */
public final class ModelCheck {
    /** Sequences that are tried: one whose tokens change, and one whose do not. */
    private static final int BATCH = 2;
    /** Tokens of each, if the model can be as short. */
    private static final int LENGTH = 64;

    private static final Axis POSITION = new Axis("l");

    private ModelCheck() {
    }

    /**
     * What to warn of, a text each. Costs less than a step of training.
     *
     * @param length tokens of a sequence in training
     * @param vocabulary number of tokens
     * @param eachToken whether every token is predicted from those before it, and not some of them from all
     * @throws IllegalArgumentException if the model cannot be built
     */
    public static List<String> warnings(ModelSpec spec, int length, int vocabulary, boolean eachToken) {
        Model model = spec.build(BATCH, length, vocabulary, false, 0);
        List<String> warnings = new ArrayList<>(model.warnings());
        if (vocabulary > 1) {
            Set<Leak> harmful = eachToken ? EnumSet.allOf(Leak.class) : EnumSet.of(Leak.OTHER_SEQUENCES);
            warnings.addAll(
                    leaks(spec, length > LENGTH ? shorter(spec, model, vocabulary) : model, vocabulary, harmful));
        }
        return warnings;
    }

    private static Model shorter(ModelSpec spec, Model model, int vocabulary) {
        try {
            return spec.build(BATCH, LENGTH, vocabulary, false, 0);
        } catch (IllegalArgumentException _) {
            return model;
        }
    }

    /** Looks at the predictions, and only if those leak, at every layer. */
    private static List<String> leaks(ModelSpec spec, Model model, int vocabulary, Set<Leak> harmful) {
        Set<Leak> leaks = new HashSet<>(LeakSearch.of(model, List.of(model.logits())).keySet());
        leaks.retainAll(harmful);
        if (leaks.isEmpty()) {
            return List.of();
        }
        Probe probe = spec.probe(BATCH, model.sizes().of(POSITION), vocabulary);
        Set<Axis> stream = Set.copyOf(probe.applied().getFirst().result().axes());
        Set<Value> seen = new HashSet<>();
        List<Probe.Applied> judged = probe.applied().stream().filter(
                applied -> Set.copyOf(applied.result().axes()).equals(stream) && seen.add(applied.result())).toList();
        var found = LeakSearch.of(probe.model(), judged.stream().map(Probe.Applied::result).toList());
        return leaks.stream().sorted().map(leak -> leak.text(Optional.ofNullable(found.get(leak)).map(judged::get)))
                .toList();
    }

    /** What predictions must not depend on. */
    enum Leak {
        LATER_TOKENS, OTHER_SEQUENCES;

        private String text(Optional<Probe.Applied> where) {
            String layer = where.map(applied -> applied.layer().equals("model.block")
                    ? "a step of model.block"
                    : "layer '" + applied.layer() + "' (" + applied.scope() + ")").orElse("the model");
            return switch (this) {
                case LATER_TOKENS -> layer
                        + " looks ahead: what it gives at a position depends on later tokens, which a"
                        + " language model must not know, so its loss will be too low; mask them, as causal_softmax does";
                case OTHER_SEQUENCES -> layer + " mixes sequences: what it gives for one depends on the others of the"
                        + " batch, so its loss depends on the batch; keep the axis b of what it computes";
            };
        }
    }
}
