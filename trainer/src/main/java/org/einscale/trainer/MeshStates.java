package org.einscale.trainer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceMesh;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The states of a program that devices run together, put together from their parts when they are asked for. */
final class MeshStates implements States {
    private final DeviceMesh mesh;
    private final SequencedMap<String, Value> values = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if two values have one name, as they could not be told apart in a file */
    MeshStates(DeviceMesh mesh, Collection<Value> values) {
        this.mesh = mesh;
        for (Value value : values) {
            if (this.values.put(value.name(), value) != null) {
                throw new IllegalArgumentException(
                        "two states of the model are called '%s'; name one differently".formatted(value.name()));
            }
        }
    }

    @Override
    public SequencedMap<String, INDArray> arrays() {
        SequencedMap<String, INDArray> arrays = new LinkedHashMap<>();
        values.forEach((name, value) -> arrays.put(name, mesh.read(value)));
        return arrays;
    }

    @Override
    public INDArray array(String name) {
        return mesh.read(Objects.requireNonNull(values.get(name), name));
    }

    @Override
    public void copyFrom(Map<String, INDArray> from, Object where) {
        values.forEach((name, value) -> mesh.write(value, States.matching(from, name, mesh.read(value), where)));
    }
}
