package org.einscale.trainer.layer;

import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.constant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.einscale.einsum.program.Pointwise;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;

/**
 * What {@code attention_scale('k')} is: 1 / sqrt(k), and with a base in which k is k0, sqrt(k0) / k, since what queries and keys
 * have learned makes their products grow as k (Yang et al. 2022, definition 4.1).
 */
final class AttentionScales {
    private final Map<String, Long> base;
    private final Map<String, List<Axis>> asked = new HashMap<>();

    /** @param base for each place, the size there of what is summed; none without a base */
    AttentionScales(Map<String, Long> base) {
        this.base = Map.copyOf(base);
    }

    /** The same, without what was asked. */
    AttentionScales anew() {
        return new AttentionScales(base);
    }

    /**
     * The factor.
     *
     * @param step that asks
     * @param written the axes as it calls them
     */
    Pointwise of(String step, String written, List<Axis> axes) {
        String place = step + " " + written;
        asked.put(place, axes);
        Pointwise size = new Pointwise.Volume(axes);
        Pointwise scale = apply(Unary.RECIPROCAL_SQRT, size);
        Long there = base.get(place);
        return there == null ? scale : scale.times(apply(Unary.RECIPROCAL_SQRT, size.over(constant(there))));
    }

    /** Sizes of what is summed, by place. */
    Map<String, Long> sizes(Sizes sizes) {
        Map<String, Long> found = new TreeMap<>();
        asked.forEach((place, axes) -> found.put(place, sizes.volume(axes)));
        return found;
    }
}
