package org.einscale.einsum.binding;

import java.util.Optional;
import org.einscale.tensor.Axis;

/**
 * A stretch of an array's axis.
 *
 * @param axis
 *            the elementary axis that it runs along; empty for size 1 that stands for no axis: the axis {@code 1}, or a size
 *            that is stretched
 * @param size
 *            number of elements along it
 */
public record Part(Optional<Axis> axis, int size) {
    static final Part ONE = new Part(Optional.empty(), 1);

    @Override
    public String toString() {
        return axis.map(Axis::name).orElse("") + "=" + size;
    }
}
