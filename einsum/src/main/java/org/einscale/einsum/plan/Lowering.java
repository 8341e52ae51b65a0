package org.einscale.einsum.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.dataflow.Outside;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.plan.contract.CausalParts;
import org.einscale.einsum.plan.contract.ContractLowering;
import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.product.PairChoices;
import org.einscale.einsum.plan.reduce.ReduceLowering;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.einsum.plan.tape.Meeting;
import org.einscale.einsum.plan.tape.Rows;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Positions;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.random.Philox;

/** Writes a program's statements as steps on a {@link Tape}, in the way that each is to be executed. */
final class Lowering {
    private final Program program;
    private final Sizes sizes;
    private final Tape tape;
    private final Uses uses;
    private final Storage storage;
    private final MapLowering maps;
    private final RowLowering rows;
    private final Triangles triangles;
    private final PairChoices choices;

    Lowering(Program program, Sizes sizes, Tape tape, Outside outside) {
        this.program = program;
        this.sizes = sizes;
        this.tape = tape;
        this.uses = new Uses(program);
        this.storage = new Storage(tape, sizes, program, uses, outside);
        this.maps = new MapLowering(tape, sizes, storage);
        this.rows = new RowLowering(tape, storage, sizes);
        this.triangles = new Triangles(program);
        this.choices = new PairChoices(tape.target());
    }

    /** Writes everything; returns where the caller finds inputs, states and outputs. */
    Map<Value, Place> run() {
        int end = 0;
        for (List<Statement> block : program.blocks()) {
            end += block.size();
            if (block.getFirst().operation() instanceof Operation.Map) {
                maps.write(block);
            } else if (block.size() > 1) {
                together(block, end);
            } else {
                lower(block.getFirst());
            }
        }
        Map<Value, Place> visible = new LinkedHashMap<>();
        program.inputs().forEach(value -> visible.put(value, storage.of(value)));
        program.states().forEach(value -> visible.put(value, storage.of(value)));
        program.outputs().forEach(value -> visible.computeIfAbsent(value, this::exported));
        update();
        return visible;
    }

    /**
     * @param end
     *            position of the statement behind the block
     */
    private void together(List<Statement> block, int end) {
        Set<Buffer> before = Set.copyOf(tape.buffers());
        List<Emission> emissions = block.stream().map(this::emission).toList();
        new BatchLoops(tape).write(emissions,
                buffer -> !before.contains(buffer) && storage.occupiedUntil(buffer) < end);
    }

    private void lower(Statement statement) {
        Value result = statement.result();
        switch (statement.operation()) {
            case Operation.Split split -> storage.put(result, storage.of(split.operand())
                    .split(split.operand().axes().indexOf(split.axis()), storage.sizes(split.parts())));
            case Operation.Slice slice -> {
                long start = Arrays.stream(storage.sizes(slice.parts().subList(0, slice.part()))).sum();
                long size = storage.sizes(List.of(slice.parts().get(slice.part())))[0];
                storage.put(result, storage.of(slice.operand()).slice(slice.operand().axes().indexOf(slice.axis()),
                        start, size));
            }
            case Operation.Merge merge -> merge(merge, statement);
            case Operation.Shard shard -> storage.put(result, shard(shard.operand(), result.axes()));
            case Operation.Collective collective -> meet(tape.of(statement), collective, statement);
            case Operation.Send send -> {
                Place sent = storage.allocate(statement);
                Copies.emit(tape.of(statement), sent, storage.of(send.operand()), "to be sent");
                meet(tape.of(statement), "send", statement, sent, sent);
            }
            case Operation.Receive _ -> {
                Place received = storage.allocate(statement);
                meet(tape.of(statement), "receive", statement, received, received);
            }
            case Operation.Contract _,Operation.Accumulate _,Operation.Softmax _,Operation.SoftmaxGradient _,Operation.Normalise _,Operation.NormaliseGradient _ ->
                emission(statement).write(tape);
            case Operation.Reduce reduce -> {
                int[] kept = result.axes().stream().mapToInt(reduce.operand().axes()::indexOf).toArray();
                new ReduceLowering(tape.of(statement)).reduce(reduce.reduction(), storage.of(reduce.operand()), kept,
                        storage.allocateStrided(statement));
            }
            case Operation.ProductGradient gradient -> rows.productGradient(gradient, statement);
            case Operation.Take take -> rows.take(take, statement);
            case Operation.TakeGradient gradient -> rows.takeGradient(gradient, statement);
            case Operation.CrossEntropy crossEntropy -> rows.crossEntropy(crossEntropy, statement);
            case Operation.CrossEntropyGradient gradient -> rows.crossEntropyGradient(gradient, statement);
            case Operation.Concatenate concatenate ->
                concatenate(tape.of(statement), concatenate, storage.allocate(statement), result.axes());
            case Operation.Iota _ -> iota(tape.of(statement), storage.allocate(statement),
                    sizes.start(result.axes().getFirst()));
            case Operation.Bernoulli bernoulli ->
                bernoulli(tape.of(statement), bernoulli, storage.allocate(statement), result.axes());
            case Operation.Map _ -> throw new IllegalStateException(statement.toString());
        }
    }

    private void merge(Operation.Merge merge, Statement statement) {
        Place place = storage.of(merge.operand());
        int from = merge.operand().axes().indexOf(merge.parts().getFirst());
        storage.put(statement.result(), place.merge(from, merge.parts().size()).orElseGet(() -> {
            Place copy = Rows.contiguous(tape.of(statement), place, "to merge axes");
            return copy.merge(from, merge.parts().size()).orElseThrow();
        }));
    }

    private Place shard(Value operand, List<Axis> parts) {
        Place place = storage.of(operand);
        for (int i = 0; i < parts.size(); i++) {
            Axis axis = operand.axes().get(i);
            place = place.slice(i, sizes.start(parts.get(i)) - sizes.start(axis), sizes.of(parts.get(i)));
        }
        return place;
    }

    /** Devices hand over what is in order in memory. */
    private void meet(Tape tape, Operation.Collective collective, Statement statement) {
        Place from = Rows.contiguous(tape, storage.of(collective.operand()), "to be sent");
        Place to = storage.place(statement);
        meet(tape, collective.exchange().name().toLowerCase(Locale.ROOT), statement, from, to);
    }

    private static void meet(Tape tape, String call, Statement statement, Place from, Place to) {
        tape.add(new Meeting(statement, from, to), Work.uncounted(call + " " + statement.result().reference()));
    }

    /** A statement that may run together with others, with places for all of its tensors. */
    private Emission emission(Statement statement) {
        return switch (statement.operation()) {
            case Operation.Accumulate(Value total, Operation.Contract contract) ->
                contraction(contract, statement, Optional.of(storage.put(statement.result(), storage.of(total))));
            case Operation.Accumulate(Value total, Operation.NormaliseGradient gradient) ->
                rows.normaliseGradient(gradient, statement,
                        Optional.of(storage.put(statement.result(), storage.of(total))));
            case Operation.Contract contract -> contraction(contract, statement, total(statement.result()));
            case Operation.Softmax softmax -> rows.softmax(softmax, statement);
            case Operation.SoftmaxGradient gradient -> rows.softmaxGradient(gradient, statement);
            case Operation.Normalise normalise -> rows.normalise(normalise, statement);
            case Operation.NormaliseGradient gradient -> rows.normaliseGradient(gradient, statement, Optional.empty());
            default -> throw new IllegalStateException(statement.toString());
        };
    }

    private Emission contraction(Operation.Contract contract, Statement statement, Optional<Place> sum) {
        Optional<CausalParts> causal = triangles.of(contract, statement.result());
        List<Place> operands = contract.operands().stream().map(storage::of).toList();
        return new Emission(statement, contract.operands(), operands,
                sum.orElseGet(() -> contracted(contract, operands, statement)),
                (tape, from, to) -> new ContractLowering(tape, choices).contract(contract, from, to, causal,
                        sum.isPresent()));
    }

    /** Memory for what a contraction comes to: for what is different in it, if that is worth it. */
    private Place contracted(Operation.Contract contract, List<Place> operands, Statement statement) {
        List<Place> seen = IntStream.range(0, operands.size())
                .mapToObj(i -> Place.aligned(contract.terms().get(i), operands.get(i), contract.output())).toList();
        long[] different = Place.different(storage.sizes(statement.result().axes()), seen);
        return storage.mayRepeat(statement.result())
                ? storage.repeating(statement, different)
                : storage.allocateStrided(statement);
    }

    /** The caller's memory to which a contraction can add itself, if nothing reads what it alone comes to. */
    private Optional<Place> total(Value result) {
        return storage.total(result).filter(_ -> uses.readers(result).equals(List.of(Uses.AFTER_ALL)))
                .map(place -> storage.put(result, place));
    }

    private void concatenate(Tape tape, Operation.Concatenate concatenate, Place result, List<Axis> axes) {
        int axis = axes.indexOf(concatenate.axis());
        long start = 0;
        for (int part = 0; part < concatenate.parts().size(); part++) {
            long size = storage.sizes(List.of(concatenate.parts().get(part)))[0];
            Place target = result.slice(axis, start, size);
            int operand = concatenate.at().indexOf(part);
            if (operand >= 0) {
                Copies.emit(tape, target, storage.of(concatenate.operands().get(operand)), "to concatenate");
            } else {
                zero(tape, target);
            }
            start += size;
        }
    }

    private static void zero(Tape tape, Place target) {
        Place zero = new Place(tape.buffer(1), 0, target.sizes(), new long[target.sizes().length]);
        Kernels kernels = tape.kernels();
        Address address = zero.address(tape.precision());
        tape.add(base -> kernels.fill(address.in(base), 0, 1), "zero", 0, List.of(), zero);
        Copies.emit(tape, target, zero, "of zeros");
    }

    private static void iota(Tape tape, Place place, int start) {
        Address address = place.address(tape.precision());
        Precision precision = tape.precision();
        long n = place.sizes()[0];
        tape.add(base -> {
            for (long i = 0; i < n; i++) {
                Raw.put(precision, address.in(base) + i * precision.bytes(), start + i);
            }
        }, "positions " + n, 0, List.of(), place);
    }

    private void bernoulli(Tape tape, Operation.Bernoulli draw, Place place, List<Axis> axes) {
        Place counter = storage.of(draw.step());
        if (!draw.step().axes().isEmpty()) {
            throw new ProgramError("'" + draw.name() + "': the step " + draw.step() + " must be a scalar");
        }
        Kernels kernels = tape.kernels();
        Precision precision = tape.precision();
        Address address = place.address(precision);
        Address step = counter.address(precision);
        Positions positions = Positions.of(axes, sizes, draw.section());
        long n = positions.run();
        long whole = positions.whole();
        int most = tape.most();
        long key = Philox.of(draw.seed(), draw.name()).key();
        tape.add(base -> {
            long first = (long) Raw.get(precision, step.in(base)) * whole;
            for (long run = 0; run < positions.runs(); run++) {
                long to = address.in(base) + run * n * precision.bytes();
                long position = first + positions.start(run);
                for (long i = 0; i < n; i += most) {
                    kernels.bernoulli(to + i * precision.bytes(), (int) Math.min(most, n - i), draw.keep(), key,
                            position + i);
                }
            }
        }, "draw " + place.volume(), 0, List.of(counter), place);
    }

    /** Where an output can be read after a run: its own place if that is whole, else a copy. */
    private Place exported(Value output) {
        Place place = storage.of(output);
        Optional<Place> total = storage.total(output);
        if (total.isPresent()) {
            if (!total.get().same(place)) {
                ContractLowering.accumulate(tape, place, total.get());
            }
            return total.get();
        }
        Optional<Place> outside = storage.outside(output);
        if (outside.isPresent()) {
            if (!outside.get().same(place)) {
                Copies.emit(tape, outside.get(), place, "of an output");
            }
            return outside.get();
        }
        boolean updatedState = program.states().stream()
                .anyMatch(state -> storage.of(state).buffer() == place.buffer());
        if (Storage.whole(place) && !updatedState) {
            place.buffer().keep();
            return place;
        }
        Place copy = storage.persistent(output.axes());
        Copies.emit(tape, copy, place, "of an output");
        return copy;
    }

    /** Sets the states that were not updated in place; what lies in another state or input is put aside first, so that states may swap. */
    private void update() {
        Map<Value, Place> sources = new LinkedHashMap<>();
        program.updates().forEach((state, value) -> {
            Place source = storage.of(value);
            if (source.same(storage.of(state))) {
                return;
            }
            if (source.buffer().persistent()) {
                Place aside = tape.temporary(source.sizes());
                Copies.emit(tape, aside, source, "of a state put aside");
                source = aside;
            }
            sources.put(state, source);
        });
        sources.forEach((state, source) -> Copies.emit(tape, storage.of(state), source, "to a state"));
    }
}
