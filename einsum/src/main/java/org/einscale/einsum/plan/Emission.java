package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.einscale.einsum.program.Statement;
import org.einscale.tensor.Axis;

/**
 * A statement whose operands and result have their places, and that is yet to be written as steps.
 *
 * @param from
 *            places of the operands
 * @param to
 *            place of the result
 * @param writer
 *            writes the steps for operands and a result with the same strides as these
 */
record Emission(Statement statement, List<Place> from, Place to, BiConsumer<List<Place>, Place> writer) {

    void write() {
        writer.accept(from, to);
    }

    /** The same for a range of an axis that all operands and the result have. */
    Emission slice(Axis axis, long start, long size) {
        List<Place> slices = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            slices.add(from.get(i).slice(statement.operation().operands().get(i).axes().indexOf(axis), start, size));
        }
        return new Emission(statement, slices, to.slice(statement.result().axes().indexOf(axis), start, size), writer);
    }

    /** Elements from a position along an axis to the next, in operands and result, in this order. */
    long[] strides(Axis axis) {
        long[] strides = new long[from.size() + 1];
        for (int i = 0; i < from.size(); i++) {
            strides[i] = from.get(i).strides()[statement.operation().operands().get(i).axes().indexOf(axis)];
        }
        strides[from.size()] = to.strides()[statement.result().axes().indexOf(axis)];
        return strides;
    }

    /** Operands and result. */
    List<Place> places() {
        List<Place> places = new ArrayList<>(from);
        places.add(to);
        return places;
    }
}
