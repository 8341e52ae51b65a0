package org.einscale.trainer;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceMesh;
import org.einscale.tensor.file.ArrayType;
import org.einscale.tensor.file.Safetensors;
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
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    @Override
    public SequencedMap<String, INDArray> arrays(Collection<String> names) {
        SequencedMap<String, INDArray> arrays = new LinkedHashMap<>();
        mesh.read(values(names)).forEach((value, array) -> arrays.put(value.name(), array));
        return arrays;
    }

    private List<Value> values(Collection<String> names) {
        return names.stream().map(name -> Objects.requireNonNull(values.get(name), name)).toList();
    }

    /** The devices' parts as they come, so that no one has to have all. */
    @Override
    public void write(Path file, Collection<String> names, Map<String, String> metadata) {
        Map<String, ArrayType> types = new LinkedHashMap<>();
        values(names).forEach(value -> types.put(value.name(), mesh.type(value)));
        Safetensors.write(file, types, metadata, to -> mesh.read(values(names),
                (value, block, part) -> to.write(value.name(), block.starts(), part)));
    }

    @Override
    public void copyFrom(Map<String, INDArray> from, Object where) {
        values.forEach((name, value) -> mesh.write(value, States.matching(from, name, mesh.type(value), where)));
    }
}
