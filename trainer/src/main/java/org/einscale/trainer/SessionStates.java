package org.einscale.trainer;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.memory.Raw;

/** Where the states of a session lie in memory, by name. */
final class SessionStates {
    /**
     * One state: row-major numbers.
     *
     * @param address absolute, of the first byte
     */
    record State(String name, Precision precision, long[] shape, long address) {
        long count() {
            long count = 1;
            for (long size : shape) {
                count *= size;
            }
            return count;
        }

        long bytes() {
            return count() * precision.bytes();
        }
    }

    private final SequencedMap<String, State> states = new LinkedHashMap<>();

    /**
     * @param sizes of all axes of the values
     * @throws IllegalArgumentException if two values have one name, as they could not be told apart in a file
     */
    SessionStates(Session session, Collection<Value> values, Sizes sizes, Precision precision) {
        for (Value value : values) {
            long[] shape = value.axes().stream().mapToLong((Axis axis) -> sizes.of(axis)).toArray();
            State state = new State(value.name(), precision, shape, session.address(value));
            if (states.put(value.name(), state) != null) {
                throw new IllegalArgumentException("two states of the model are called '%s'; name one differently"
                        .formatted(value.name()));
            }
        }
    }

    /** All of them, by name, in the program's order. */
    SequencedMap<String, State> byName() {
        return Collections.unmodifiableSequencedMap(states);
    }

    State named(String name) {
        return Objects.requireNonNull(states.get(name), name);
    }

    /** Copies into these states those of the same names, which must exist and have the same shapes. */
    void copyFrom(SessionStates other) {
        states.forEach((name, state) -> {
            State from = other.states.get(name);
            if (from == null || !Arrays.equals(from.shape(), state.shape())
                    || from.precision() != state.precision()) {
                throw new IllegalArgumentException(
                        "the model has a parameter '%s' here that it lacks there, or has in another shape".formatted(name));
            }
            if (state.bytes() > 0) {
                MemorySegment.copy(Raw.MEMORY, from.address(), Raw.MEMORY, state.address(), state.bytes());
            }
        });
    }
}
