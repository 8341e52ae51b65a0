package org.einscale.einsum.plan.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.FuseMaps;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.einsum.plan.map.MapStep.Instruction;
import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramError;
import org.einscale.tensor.kernel.Binary;

/**
 * Pointwise expressions over one index space, gathered into one {@link MapStep}. Expressions are written over slots: a
 * slot is an operand or the result of an earlier expression of the group.
 */
public final class MapGroup {
    private final long[] sizes;
    private final Map<Integer, Place> places = new LinkedHashMap<>();
    private final Map<Pointwise, Integer> computed = new HashMap<>();
    private final Map<Integer, Double> constants = new LinkedHashMap<>();
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final Tape tape;
    private int slots;
    private long functions;
    private long products;

    public MapGroup(Tape tape, long[] sizes) {
        this.tape = tape;
        this.sizes = sizes;
    }

    /** Writes an expression over the elements of a place, which goes through a temporary if the place has gaps. */
    public static void write(Tape tape, Place result, Function<MapGroup, Pointwise> expression) {
        write(tape, result, 0, expression);
    }

    /**
     * @param more
     *            operations an element that count beside those of the expression, as they are part of the formula
     */
    public static void write(Tape tape, Place result, long more, Function<MapGroup, Pointwise> expression) {
        Place target = result.contiguous() ? result : tape.temporary(result.sizes());
        MapGroup group = new MapGroup(tape, result.sizes());
        group.functions = more;
        group.compute(expression.apply(group), Optional.of(target));
        group.emit();
        if (target != result) {
            Copies.emit(tape, result, target, "to its place");
        }
    }

    /** A slot for a tensor aligned with the index space: stride 0 where it is repeated. */
    public int operand(Place place) {
        return places.entrySet().stream().filter(e -> e.getValue().same(place)).findFirst().map(Map.Entry::getKey)
                .orElseGet(() -> {
                    places.put(slots, place);
                    return slots++;
                });
    }

    /** Adds an expression over slots, stored at a place or, with none, kept for later expressions of the group only. */
    public int compute(Pointwise expression, Optional<Place> store) {
        texts.add(expression.text());
        int result = store.map(place -> {
            places.put(slots, place);
            return slots++;
        }).orElse(-1);
        int value = evaluate(expression, result);
        if (result >= 0 && value != result) {
            instructions.add(new Instruction.Copy(result, value));
        }
        return result >= 0 ? result : value;
    }

    /** The slot that holds the expression's value; a new function writes into {@code target}, or a scratch slot if that is -1. */
    private int evaluate(Pointwise expression, int target) {
        Integer known = computed.get(expression);
        if (known != null) {
            return known;
        }
        return switch (expression) {
            case Pointwise.Operand(int slot) -> slot;
            case Pointwise.Constant(double value) ->
                constants.entrySet().stream().filter(e -> e.getValue() == value).findFirst().map(Map.Entry::getKey)
                        .orElseGet(() -> {
                            constants.put(slots, value);
                            return slots++;
                        });
            case Pointwise.Volume _,Pointwise.Start _ -> throw new IllegalStateException("unbound " + expression);
            case Pointwise.Apply apply -> {
                int from = evaluate(apply.argument(), -1);
                yield write(expression, target,
                        to -> new Instruction.One(tape.kernels().unary(apply.function()), to, from));
            }
            case Pointwise.Combine combine -> {
                int left = evaluate(combine.left(), -1);
                int right = evaluate(combine.right(), -1);
                products += combine.function() == Binary.MULTIPLY ? 1 : 0;
                yield write(expression, target,
                        to -> new Instruction.Two(tape.kernels().binary(combine.function()), to, left, right));
            }
        };
    }

    private int write(Pointwise expression, int target, IntFunction<Instruction> instruction) {
        int to = target >= 0 ? target : slots++;
        instructions.add(instruction.apply(to));
        computed.put(expression, to);
        functions++;
        return to;
    }

    /** Writes the step on the tape. */
    public void emit() {
        if (Place.volume(sizes) == 0 || instructions.isEmpty()) {
            return;
        }
        if (slots > FuseMaps.MOST_VALUES) {
            throw new ProgramError(
                    "a pointwise expression needs " + slots + " values at once; expected at most "
                            + FuseMaps.MOST_VALUES
                            + ": write it as several, with an operation that is not pointwise between them");
        }
        List<Map.Entry<Integer, Place>> tensors = List.copyOf(places.entrySet());
        ChunkShape shape = new ChunkShape(
                Loops.of(sizes, tensors.stream().map(e -> e.getValue().strides()).toArray(long[][]::new)));
        List<MapStep.Direct> direct = new ArrayList<>();
        List<MapStep.Loaded> loaded = new ArrayList<>();
        Set<Buffer> touched = new LinkedHashSet<>();
        for (int tensor = 0; tensor < tensors.size(); tensor++) {
            int slot = tensors.get(tensor).getKey();
            Place place = tensors.get(tensor).getValue();
            Address address = place.address(tape.precision());
            touched.add(place.buffer());
            if (shape.direct(tensor)) {
                direct.add(new MapStep.Direct(slot, address, tensor));
            } else {
                loaded.add(new MapStep.Loaded(slot, scratch(shape, touched), address, tensor));
            }
        }
        List<MapStep.Filled> filled = constants.entrySet().stream()
                .map(e -> new MapStep.Filled(e.getKey(), scratch(shape, touched), e.getValue())).toList();
        MapStep.Slots all = new MapStep.Slots(direct, loaded, registers(shape, touched), filled);
        tape.add(new MapStep(tape, shape, all, instructions, slots), work(), touched.toArray(Buffer[]::new));
    }

    private Work work() {
        Set<Integer> written = instructions.stream().map(Instruction::to).collect(Collectors.toSet());
        double read = 0;
        double stored = 0;
        for (Map.Entry<Integer, Place> place : places.entrySet()) {
            double bytes = (double) place.getValue().distinctElements() * tape.precision().bytes();
            read += written.contains(place.getKey()) ? 0 : bytes;
            stored += written.contains(place.getKey()) ? bytes : 0;
        }
        return new Work("map " + String.join("; ", texts), (double) functions * Place.volume(sizes),
                (double) products * Place.volume(sizes), read, stored, 0);
    }

    /** Scratch memory for the slots that are neither operands nor stored: one chunk serves a slot from its first to its last use, then another. */
    private List<MapStep.Scratch> registers(ChunkShape shape, Set<Buffer> touched) {
        Map<Integer, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < instructions.size(); i++) {
            for (int slot : instructions.get(i).from()) {
                lastUse.put(slot, i);
            }
        }
        List<MapStep.Scratch> registers = new ArrayList<>();
        Map<Integer, Address> held = new HashMap<>();
        List<Address> free = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            int to = instructions.get(i).to();
            if (!places.containsKey(to)) {
                Address address = free.isEmpty() ? scratch(shape, touched) : free.removeLast();
                registers.add(new MapStep.Scratch(to, address));
                held.put(to, address);
            }
            for (int slot : instructions.get(i).from()) {
                if (lastUse.getOrDefault(slot, -1) == i && held.containsKey(slot)) {
                    free.add(java.util.Objects.requireNonNull(held.remove(slot)));
                }
            }
        }
        return registers;
    }

    private Address scratch(ChunkShape shape, Set<Buffer> touched) {
        Buffer buffer = tape.buffer(shape.largestChunk());
        touched.add(buffer);
        return new Address(buffer.number(), 0);
    }
}
