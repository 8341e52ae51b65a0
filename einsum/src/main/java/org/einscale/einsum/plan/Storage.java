package org.einscale.einsum.plan;

import java.util.function.Predicate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Where every value is. A value gets memory of its own, unless it can take that of a value which is read for the last time when it is made. */
final class Storage {
    private final Tape tape;
    private final Sizes sizes;
    private final Program program;
    private final Liveness liveness;
    private final Map<Value, Place> places = new HashMap<>();
    private final Map<Buffer, Integer> occupiedUntil = new HashMap<>();
    private final Map<Value, Value> stateUpdatedBy = new HashMap<>();
    private final Map<Value, Place> outside = new HashMap<>();
    private final Map<Value, Place> totals = new HashMap<>();

    Storage(Tape tape, Sizes sizes, Program program, Liveness liveness, Outside outside) {
        this.tape = tape;
        this.sizes = sizes;
        this.program = program;
        this.liveness = liveness;
        outside.strides()
                .forEach((value, strides) -> (outside.sums().contains(value) ? totals : this.outside).put(value,
                        new Place(tape.outside(), 0, sizes(value.axes()), strides)));
        program.inputs()
                .forEach(value -> put(value, outside(value).orElseGet(() -> persistent(value.axes()))));
        program.states().forEach(value -> put(value, persistent(value.axes())));
        program.updates().forEach((state, value) -> stateUpdatedBy.putIfAbsent(value, state));
    }

    long[] sizes(List<Axis> axes) {
        return axes.stream().mapToLong(sizes::of).toArray();
    }

    Place persistent(List<Axis> axes) {
        long[] shape = sizes(axes);
        return Place.rowMajor(tape.persistent(Place.volume(shape)), shape);
    }

    Place of(Value value) {
        Place place = places.get(value);
        if (place == null) {
            throw new IllegalStateException(value + " has no place yet");
        }
        return place;
    }

    /** The value is at the place from now on. */
    Place put(Value value, Place place) {
        places.put(value, place);
        occupiedUntil.merge(place.buffer(), liveness.lastRead(value), Math::max);
        return place;
    }

    /** The last statement that reads what is in a buffer. */
    int occupiedUntil(Buffer buffer) {
        return occupiedUntil.getOrDefault(buffer, Integer.MAX_VALUE);
    }

    /** The caller's memory for a value, if it has its place there. */
    Optional<Place> outside(Value value) {
        return Optional.ofNullable(outside.get(value));
    }

    /** The caller's memory for an output that is added to it. */
    Optional<Place> total(Value output) {
        return Optional.ofNullable(totals.get(output));
    }

    /** Memory for a value, row-major: its own, or the caller's if that is row-major too. */
    Place allocate(Value value) {
        return put(value, outside(value).filter(Place::contiguous)
                .orElseGet(() -> tape.temporary(sizes(value.axes()))));
    }

    /** Whether a value is so large that it is worth storing repeated elements once, and nothing needs all of them side by side. */
    boolean mayRepeat(Value value) {
        return Place.volume(sizes(value.axes())) > tape.most() && !outside.containsKey(value)
                && !totals.containsKey(value) && !stateUpdatedBy.containsKey(value)
                && !program.outputs().contains(value) && !liveness.isAddedTo(value);
    }

    /** Memory for a value that repeats itself along the axes for which {@code different} has 1. */
    Place repeating(Value value, long[] different) {
        Place once = tape.temporary(different);
        long[] sizes = sizes(value.axes());
        return put(value, new Place(once.buffer(), 0, sizes, IntStream.range(0, sizes.length)
                .mapToLong(i -> different[i] == sizes[i] ? once.strides()[i] : 0).toArray()));
    }

    /** Memory for a value in any layout. */
    Place allocateStrided(Value value) {
        return outside(value).map(place -> put(value, place)).orElseGet(() -> allocate(value));
    }

    /**
     * Memory for the result of a statement that may overwrite an operand element by element: that of the state which it
     * updates, or of an operand whose last reader it is, or else its own.
     *
     * @param readByOthers
     *            whether a place in the buffer is read while the result is written, other than element by element
     */
    Place overwrite(Value result, int statement, List<Value> operands,
            Predicate<Place> readByOthers) {
        if (outside.containsKey(result)) {
            return allocate(result);
        }
        Value state = stateUpdatedBy.get(result);
        if (state != null && operands.contains(state) && mayOverwrite(state, result, statement, readByOthers)) {
            return put(result, of(state));
        }
        Optional<Value> dying = liveness.lastRead(result) < Integer.MAX_VALUE
                ? operands.stream()
                        .filter(v -> !of(v).buffer().persistent() && mayOverwrite(v, result, statement, readByOthers))
                        .findFirst()
                : Optional.empty();
        return dying.map(value -> put(result, of(value))).orElseGet(() -> allocate(result));
    }

    private boolean mayOverwrite(Value operand, Value result, int statement,
            Predicate<Place> readByOthers) {
        Place place = of(operand);
        return operand.axes().equals(result.axes()) && whole(place) && !program.outputs().contains(operand)
                && occupiedUntil(place.buffer()) <= statement
                && !readByOthers.test(place);
    }

    /** Whether the place is all of its buffer, in order. */
    static boolean whole(Place place) {
        return place.offset() == 0 && place.contiguous() && place.volume() == place.buffer().elements();
    }
}
