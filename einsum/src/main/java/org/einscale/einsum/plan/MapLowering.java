package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Gathers maps that follow one another over the same axes into one step; what only they read is never stored. */
final class MapLowering {
    private final Tape tape;
    private final Sizes sizes;
    private final Liveness liveness;
    private final Storage storage;
    private final List<Member> members = new ArrayList<>();

    private record Member(int position, Statement statement, Operation.Map map) {
        Value result() {
            return statement.result();
        }
    }

    MapLowering(Tape tape, Sizes sizes, Liveness liveness, Storage storage) {
        this.tape = tape;
        this.sizes = sizes;
        this.liveness = liveness;
        this.storage = storage;
    }

    /** Adds a map to the step, after writing the step so far if the map does not go with it. */
    void add(int position, Statement statement, Operation.Map map) {
        if (!joins(statement.result(), map)) {
            flush();
        }
        members.add(new Member(position, statement, map));
    }

    private boolean joins(Value result, Operation.Map map) {
        if (members.isEmpty()) {
            return true;
        }
        Member first = members.getFirst();
        boolean sameSpace = first.result().axes().equals(result.axes())
                && liveness.constant(first.result()) == liveness.constant(result);
        int slots = members.stream().mapToInt(m -> MapGroup.mostSlots(m.map())).sum() + MapGroup.mostSlots(map);
        return sameSpace && slots <= MapGroup.MOST_SLOTS && map.operands().stream().allMatch(this::readsElementwise);
    }

    /** Whether an operand is made outside of the step, or by it in the step's own order of elements. */
    private boolean readsElementwise(Value operand) {
        Value root = liveness.root(operand);
        Value made = liveness.sumIn(root) == null ? root : operand;
        return members.stream().noneMatch(m -> m.result().equals(made))
                || members.stream().anyMatch(m -> m.result().equals(operand));
    }

    /** Writes the step. */
    void flush() {
        if (members.isEmpty()) {
            return;
        }
        tape.constant(liveness.constant(members.getFirst().result()));
        List<Axis> axes = members.getFirst().result().axes();
        long[] space = storage.sizes(axes);
        long[] different = different(axes);
        MapGroup group = new MapGroup(tape, different);
        Map<Value, Integer> slots = new HashMap<>();
        for (Member member : members) {
            List<Value> operands = member.map().operands();
            List<Integer> read = new ArrayList<>();
            for (Value operand : operands) {
                Integer slot = slots.get(operand);
                read.add(slot != null ? slot : group.operand(aligned(operand, axes, different)));
            }
            Optional<Place> store = !stored(member)
                    ? Optional.empty()
                    : Optional.of(Arrays.equals(space, different)
                            ? place(member, axes)
                            : storage.repeating(member.result(), different).once());
            Pointwise expression = member.map().expression().bind(sizes)
                    .substitute(i -> Pointwise.operand(read.get(i)));
            slots.put(member.result(), group.compute(expression, store));
        }
        tape.statement(Optional.of(members.getLast().statement()));
        group.emit();
        tape.statement(Optional.empty());
        tape.constant(false);
        members.clear();
    }

    private Place aligned(Value operand, List<Axis> axes, long[] space) {
        Place place = Pair.aligned(operand.axes(), storage.of(operand), axes);
        return new Place(place.buffer(), place.offset(), space, place.strides());
    }

    /** Sizes of the step's axes, but 1 along those where all that it stores repeats itself, if that is worth it. */
    private long[] different(List<Axis> axes) {
        long[] space = storage.sizes(axes);
        Set<Value> made = members.stream().map(Member::result).collect(Collectors.toSet());
        List<Place> read = members.stream().flatMap(m -> m.map().operands().stream()).filter(v -> !made.contains(v))
                .map(v -> aligned(v, axes, space)).toList();
        List<Value> stored = members.stream().filter(this::stored).map(Member::result).toList();
        return stored.stream().allMatch(storage::mayRepeat) ? Place.different(space, read) : space;
    }

    /** Whether anything but the step reads the result. */
    private boolean stored(Member member) {
        Set<Integer> inside = new HashSet<>();
        members.forEach(m -> inside.add(m.position()));
        return !inside.containsAll(liveness.readers(member.result()));
    }

    private Place place(Member member, List<Axis> axes) {
        List<Value> madeBefore = members.stream().map(Member::result).toList();
        List<Value> candidates = member.map().operands().stream().filter(v -> !madeBefore.contains(v)).toList();
        return storage.overwrite(member.result(), member.position(), candidates,
                place -> members.stream().flatMap(m -> m.map().operands().stream())
                        .filter(v -> !madeBefore.contains(v))
                        .anyMatch(v -> readsOtherwise(aligned(v, axes, storage.sizes(axes)), place)));
    }

    private static boolean readsOtherwise(Place read, Place written) {
        return read.buffer() == written.buffer() && !read.same(written);
    }
}
