package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * A statement whose operands and result have their places, and that is yet to be written as steps.
 *
 * @param operands
 *            what it reads beside the result's own place
 * @param from
 *            places of the operands
 * @param to
 *            place of the result
 * @param writer
 *            writes the steps for operands and a result with the same strides as these
 */
record Emission(Statement statement, List<Value> operands, List<Place> from, Place to, Writer writer) {

    /** Writes steps. */
    interface Writer {
        void write(Tape tape, List<Place> from, Place to);
    }

    void write(Tape tape) {
        writer.write(tape.of(statement), from, to);
    }

    /** The same for a range of an axis that all operands and the result have. */
    Emission slice(Axis axis, long start, long size) {
        List<Place> slices = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            slices.add(from.get(i).slice(operands.get(i).axes().indexOf(axis), start, size));
        }
        return new Emission(statement, operands, slices,
                to.slice(statement.result().axes().indexOf(axis), start, size), writer);
    }

    /** Elements from a position along an axis to the next, in operands and result, in this order. */
    long[] strides(Axis axis) {
        long[] strides = new long[from.size() + 1];
        for (int i = 0; i < from.size(); i++) {
            strides[i] = from.get(i).strides()[operands.get(i).axes().indexOf(axis)];
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
