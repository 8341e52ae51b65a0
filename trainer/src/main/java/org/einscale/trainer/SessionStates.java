package org.einscale.trainer;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.memory.Arrays;
import org.einscale.tensor.memory.Raw;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The states of a session by name: arrays on its memory, without a copy. */
final class SessionStates {
    private final SequencedMap<String, INDArray> arrays = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if two values have one name, as they could not be told apart in a file */
    SessionStates(Session session, Collection<Value> values) {
        for (Value value : values) {
            if (arrays.put(value.name(), session.array(value)) != null) {
                throw new IllegalArgumentException(
                        "two states of the model are called '%s'; name one differently".formatted(value.name()));
            }
        }
    }

    /** All of them, in the program's order. */
    SequencedMap<String, INDArray> arrays() {
        return Collections.unmodifiableSequencedMap(arrays);
    }

    INDArray array(String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    /**
     * Copies arrays into the states of the same names, bit by bit.
     *
     * @param from has an array for every state; may have more
     * @param where the arrays come from, for messages
     * @throws IllegalArgumentException if an array is missing or has another shape or format
     */
    void copyFrom(Map<String, INDArray> from, Object where) {
        arrays.forEach((name, state) -> {
            INDArray array = from.get(name);
            if (array == null || !text(array).equals(text(state))) {
                throw new IllegalArgumentException("%s: expected '%s' as %s, found %s".formatted(where, name,
                        text(state), array == null ? "nothing of that name" : text(array)));
            }
            if (state.length() > 0) {
                MemorySegment.copy(Raw.MEMORY, Arrays.addressOf(array), Raw.MEMORY, Arrays.addressOf(state),
                        state.length() * state.dataType().width());
            }
        });
    }

    private static String text(INDArray array) {
        return array.dataType() + java.util.Arrays.toString(array.shape());
    }
}
