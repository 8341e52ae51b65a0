package org.einscale.einsum.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.plan.map.MapGroup;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.program.Execution.Memory;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Writes the maps of a block as one step. */
final class MapLowering {
    private final Tape tape;
    private final Sizes sizes;
    private final Storage storage;

    MapLowering(Tape tape, Sizes sizes, Storage storage) {
        this.tape = tape;
        this.sizes = sizes;
        this.storage = storage;
    }

    void write(List<Statement> block) {
        List<Axis> axes = block.getFirst().result().axes();
        long[] space = storage.sizes(axes);
        long[] different = different(block, space);
        MapGroup group = new MapGroup(tape.of(block.getLast()), different);
        Map<Value, Integer> slots = new HashMap<>();
        for (Statement statement : block) {
            List<Integer> read = statement.operation().operands().stream()
                    .map(operand -> slots.containsKey(operand)
                            ? Objects.requireNonNull(slots.get(operand))
                            : group.operand(aligned(operand, axes, different)))
                    .toList();
            Optional<Place> store = !stored(statement)
                    ? Optional.empty()
                    : Optional.of(Arrays.equals(space, different)
                            ? storage.place(statement)
                            : storage.repeating(statement, different).once());
            Pointwise expression = map(statement).expression().bind(sizes)
                    .substitute(i -> Pointwise.operand(read.get(i)));
            slots.put(statement.result(), group.compute(expression, store));
        }
        group.emit();
    }

    private static Operation.Map map(Statement statement) {
        return (Operation.Map) statement.operation();
    }

    private static boolean stored(Statement statement) {
        return !(statement.execution().memory() instanceof Memory.Registers);
    }

    private Place aligned(Value operand, List<Axis> axes, long[] space) {
        Place place = Place.aligned(operand.axes(), storage.of(operand), axes);
        return new Place(place.buffer(), place.offset(), space, place.strides());
    }

    /** Sizes of the block's axes, but 1 along those where all that it stores repeats itself, if that is worth it. */
    private long[] different(List<Statement> block, long[] space) {
        List<Axis> axes = block.getFirst().result().axes();
        Set<Value> made = block.stream().map(Statement::result).collect(Collectors.toSet());
        List<Place> read = block.stream().flatMap(s -> s.operation().operands().stream()).filter(v -> !made.contains(v))
                .map(v -> aligned(v, axes, space)).toList();
        return block.stream().filter(MapLowering::stored).map(Statement::result).allMatch(storage::mayRepeat)
                ? Place.different(space, read)
                : space;
    }
}
