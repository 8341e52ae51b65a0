package org.einscale.einsum.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.dataflow.Outside;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Where every value is, as its statement has decided. */
final class Storage {
    private final Tape tape;
    private final Sizes sizes;
    private final Program program;
    private final Uses uses;
    private final Map<Value, Place> places = new HashMap<>();
    private final Map<Buffer, Integer> occupiedUntil = new HashMap<>();
    private final Map<Value, Place> outside = new HashMap<>();
    private final Map<Value, Place> totals = new HashMap<>();
    private final Set<Value> addedTo = new HashSet<>();

    Storage(Tape tape, Sizes sizes, Program program, Uses uses, Outside outside) {
        this.tape = tape;
        this.sizes = sizes;
        this.program = program;
        this.uses = uses;
        outside.strides()
                .forEach((value, strides) -> (outside.sums().contains(value) ? totals : this.outside).put(value,
                        new Place(tape.outside(), 0, sizes(value.axes()), strides)));
        program.inputs()
                .forEach(value -> put(value, outside(value).orElseGet(() -> persistent(value.axes()))));
        program.states().forEach(value -> put(value, persistent(value.axes())));
        program.statements().forEach(statement -> {
            if (statement.operation() instanceof Operation.Accumulate(Value total, _)) {
                addedTo.add(total);
            }
        });
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
        occupiedUntil.merge(place.buffer(), uses.lastRead(value), Math::max);
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

    /** Memory for a result, row-major: its own, or the caller's if that is row-major too. */
    Place allocate(Statement statement) {
        Value value = statement.result();
        return put(value, outside(value).filter(Place::contiguous)
                .orElseGet(() -> tape.of(statement).temporary(sizes(value.axes()))));
    }

    /** Memory for a result, row-major: that which it is to take over, or its own. Where elements repeat themselves there is not room for all. */
    Place place(Statement statement) {
        return statement.execution().over().map(this::of).filter(Storage::whole)
                .map(place -> put(statement.result(), place)).orElseGet(() -> allocate(statement));
    }

    /** Whether a value is so large that it is worth storing repeated elements once, and nothing needs all of them side by side. */
    boolean mayRepeat(Value value) {
        return Place.volume(sizes(value.axes())) > tape.most() && !outside.containsKey(value)
                && !totals.containsKey(value) && !program.updates().containsValue(value)
                && !program.outputs().contains(value) && !addedTo.contains(value);
    }

    /** Memory for a result that repeats itself along the axes for which {@code different} has 1. */
    Place repeating(Statement statement, long[] different) {
        Place once = tape.of(statement).temporary(different);
        long[] sizes = sizes(statement.result().axes());
        return put(statement.result(), new Place(once.buffer(), 0, sizes, IntStream.range(0, sizes.length)
                .mapToLong(i -> different[i] == sizes[i] ? once.strides()[i] : 0).toArray()));
    }

    /** Memory for a result in any layout. */
    Place allocateStrided(Statement statement) {
        return outside(statement.result()).map(place -> put(statement.result(), place))
                .orElseGet(() -> allocate(statement));
    }

    /** Whether the place is all of its buffer, in order. */
    static boolean whole(Place place) {
        return place.offset() == 0 && place.contiguous() && place.volume() == place.buffer().elements();
    }
}
