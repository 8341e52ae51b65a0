package org.einscale.trainer;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.file.ArrayType;
import org.einscale.tensor.file.Safetensors;
import org.einscale.tensor.memory.Arrays;
import org.einscale.tensor.memory.Raw;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The states of a session by name: arrays on its memory, without a copy. */
final class SessionStates implements States {
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

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(arrays.keySet());
    }

    @Override
    public SequencedMap<String, INDArray> arrays(Collection<String> names) {
        SequencedMap<String, INDArray> some = new LinkedHashMap<>();
        names.forEach(name -> some.put(name, Objects.requireNonNull(arrays.get(name), name)));
        return some;
    }

    @Override
    public void write(Path file, Collection<String> names, Map<String, String> metadata) {
        Safetensors.write(file, arrays(names), metadata);
    }

    @Override
    public void copyFrom(Map<String, INDArray> from, Object where) {
        arrays.forEach((name, state) -> {
            INDArray array = States.matching(from, name, ArrayType.of(state), where);
            if (state.length() > 0) {
                MemorySegment.copy(Raw.MEMORY, Arrays.addressOf(array), Raw.MEMORY, Arrays.addressOf(state),
                        state.length() * state.dataType().width());
            }
        });
    }
}
