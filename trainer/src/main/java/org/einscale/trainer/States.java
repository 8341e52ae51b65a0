package org.einscale.trainer;

import java.util.Map;
import java.util.SequencedMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a training keeps from step to step, by name: parameters and the states of an optimizer. */
public interface States {

    /** All of them, whole, in the program's order; to be read, and not kept beyond the next step. */
    SequencedMap<String, INDArray> arrays();

    /** One of them. */
    INDArray array(String name);

    /**
     * Copies arrays into the states of the same names, bit by bit.
     *
     * @param from has an array for every state; may have more
     * @param where the arrays come from, for messages
     * @throws IllegalArgumentException if an array is missing or has another shape or format
     */
    void copyFrom(Map<String, INDArray> from, Object where);

    /** The array for a state, if it is like the state. */
    static INDArray matching(Map<String, INDArray> from, String name, INDArray state, Object where) {
        INDArray array = from.get(name);
        if (array == null || !text(array).equals(text(state))) {
            throw new IllegalArgumentException("%s: expected '%s' as %s, found %s".formatted(where, name, text(state),
                    array == null ? "nothing of that name" : text(array)));
        }
        return array;
    }

    private static String text(INDArray array) {
        return array.dataType() + java.util.Arrays.toString(array.shape());
    }
}
