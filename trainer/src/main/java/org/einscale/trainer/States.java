package org.einscale.trainer;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.einscale.tensor.file.ArrayType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a training keeps from step to step, by name: parameters and the states of an optimizer. */
public interface States {

    /** What they are called, in the program's order. */
    Set<String> names();

    /** Some of them, whole and in the order of the names; to be read, and not kept beyond the next step. */
    SequencedMap<String, INDArray> arrays(Collection<String> names);

    /** All of them. */
    default SequencedMap<String, INDArray> arrays() {
        return arrays(names());
    }

    /** One of them. */
    default INDArray array(String name) {
        return arrays(List.of(name)).firstEntry().getValue();
    }

    /**
     * Copies arrays into the states of the same names, bit by bit.
     *
     * @param from has an array for every state; may have more
     * @param where the arrays come from, for messages
     * @throws IllegalArgumentException if an array is missing or has another shape or format
     */
    void copyFrom(Map<String, INDArray> from, Object where);

    /**
     * Writes some of them to a safetensors file.
     *
     * @throws org.einscale.tensor.file.ArrayFileException if the file cannot be written, which then is as it was
     */
    void write(Path file, Collection<String> names, Map<String, String> metadata);

    /** The array for a state, if it is like the state. */
    static INDArray matching(Map<String, INDArray> from, String name, ArrayType state, Object where) {
        INDArray array = from.get(name);
        if (array == null || !ArrayType.of(array).equals(state)) {
            throw new IllegalArgumentException("%s: expected '%s' as %s, found %s".formatted(where, name, state,
                    array == null ? "nothing of that name" : ArrayType.of(array)));
        }
        return array;
    }
}
