package org.einscale.trainer.layer;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;

/** How the start, the multipliers and the learning rates of a model's parameters go with its width. */
public sealed interface Parametrization {
    /** The axis that is called the width. */
    String WIDTH = "d";

    /** What each is called in settings. */
    enum Kind {
        STANDARD, MUP
    }

    /** Each parameter starts as its declaration says, and all learn at one rate. */
    record Standard() implements Parametrization {}

    /**
     * Maximal update parametrization (Yang et al. 2022, "Tensor Programs V: Tuning Large Neural Networks via Zero-Shot
     * Hyperparameter Transfer"): a step changes activations by as much at every width, so that a learning rate found at one
     * holds at others. The model is compared with its base, which has other sizes of some axes, and each parameter with its
     * own self there; {@link Growth} says what becomes of it. {@code attention_scale('k')} goes as 1 / k, and the table of an
     * embedding that is the head too is divided there by how much wider it is (the paper's table 8). At the base all numbers
     * are those of the standard parametrization, bit by bit.
     *
     * @param base sizes that axes have in the base model; others are the model's
     */
    record MaximalUpdate(SortedMap<String, Integer> base) implements Parametrization {
        public MaximalUpdate {
            base = Collections.unmodifiableSortedMap(new TreeMap<>(base));
        }

        /** The base in words, such as {@code d = 32, h = 2}. */
        String text() {
            return base.entrySet().stream().map(axis -> axis.getKey() + " = " + axis.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    /**
     * Reads the section {@code parametrization} of a model.
     *
     * @param axes sizes that the model gives
     * @throws SettingError if a value cannot be used
     */
    static Parametrization of(Section keys, SortedMap<String, Integer> axes) {
        keys.allow(List.of("kind", "base-width", "base-axes"), other -> of(other, axes));
        return switch (keys.choice("kind", Kind.class)) {
            case STANDARD -> new Standard();
            case MUP -> new MaximalUpdate(base(keys, axes));
        };
    }

    private static SortedMap<String, Integer> base(Section keys, SortedMap<String, Integer> axes) {
        SortedMap<String, Integer> base = new TreeMap<>();
        if (!axes.containsKey(WIDTH)) {
            throw keys.error("kind", "needs model.axes." + WIDTH + ", the width; found the axes " + axes.keySet());
        }
        base.put(WIDTH, keys.count("base-width", 1));
        if (keys.has("base-axes")) {
            Section others = keys.section("base-axes");
            for (String axis : others.keys()) {
                if (axis.equals(WIDTH)) {
                    throw others.error(axis, "is base-width; set that in its place");
                }
                if (!axes.containsKey(axis)) {
                    TreeSet<String> known = new TreeSet<>(axes.keySet());
                    known.remove(WIDTH);
                    throw others.error(axis, "expected an axis that model.axes gives (" + SettingError.oneOf(known)
                            + "); sizes that follow from others need none"
                            + SettingError.hint(axis, known, near -> !others.keys().contains(near)));
                }
                base.put(axis, others.count(axis, 1));
            }
        }
        return base;
    }
}
