package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation;
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

/** Writes a program's statements as steps on a {@link Tape}. */
final class Lowering {
    private final Program program;
    private final Tape tape;
    private final Liveness liveness;
    private final Storage storage;
    private final MapLowering maps;
    private final RowLowering rows;
    private final ContractLowering contractions;
    private final Triangles triangles;

    Lowering(Program program, Sizes sizes, Tape tape, Outside outside) {
        this.program = program;
        this.tape = tape;
        this.liveness = new Liveness(program, outside);
        this.storage = new Storage(tape, sizes, program, liveness, outside);
        this.maps = new MapLowering(tape, sizes, liveness, storage);
        this.rows = new RowLowering(tape, storage);
        this.contractions = new ContractLowering(tape);
        this.triangles = new Triangles(program);
    }

    /** Writes everything; returns where the caller finds inputs, states and outputs. */
    Map<Value, Place> run() {
        List<Statement> statements = program.statements();
        int end;
        for (int i = 0; i < statements.size(); i = end) {
            end = Math.max(i + 1, BatchLoops.end(statements, i, this::hasStep));
            if (end > i + 1) {
                together(statements, i, end);
                continue;
            }
            Value sumIn = liveness.sumIn(statements.get(i).result());
            if (sumIn != null) {
                storage.put(statements.get(i).result(), storage.of(sumIn));
            } else {
                lower(statements.get(i), i);
            }
        }
        maps.flush();
        Map<Value, Place> visible = new LinkedHashMap<>();
        program.inputs().forEach(value -> visible.put(value, storage.of(value)));
        program.states().forEach(value -> visible.put(value, storage.of(value)));
        program.outputs().forEach(value -> visible.computeIfAbsent(value, this::exported));
        update();
        return visible;
    }

    /** Whether a statement runs every time, as a step of its own. */
    private boolean hasStep(Statement statement) {
        return !liveness.constant(statement.result()) && liveness.sumIn(statement.result()) == null;
    }

    private void together(List<Statement> statements, int start, int end) {
        maps.flush();
        Set<Buffer> before = Set.copyOf(tape.buffers());
        List<Emission> emissions = new ArrayList<>();
        for (int i = start; i < end; i++) {
            emissions.add(emission(statements.get(i), i));
        }
        new BatchLoops(tape).write(emissions,
                buffer -> !before.contains(buffer) && storage.occupiedUntil(buffer) < end);
    }

    private void lower(Statement statement, int position) {
        Value result = statement.result();
        switch (statement.operation()) {
            case Operation.Map map -> maps.add(position, statement, map);
            case Operation.Split split -> {
                Place place = place(split.operand());
                storage.put(result,
                        place.split(split.operand().axes().indexOf(split.axis()), storage.sizes(split.parts())));
            }
            case Operation.Slice slice -> {
                long start = Arrays.stream(storage.sizes(slice.parts().subList(0, slice.part()))).sum();
                long size = storage.sizes(List.of(slice.parts().get(slice.part())))[0];
                storage.put(result,
                        place(slice.operand()).slice(slice.operand().axes().indexOf(slice.axis()), start, size));
            }
            case Operation.Merge merge -> merge(merge, result);
            default -> {
                maps.flush();
                tape.constant(liveness.constant(result));
                tape.statement(Optional.of(statement));
                emit(statement, position);
                tape.statement(Optional.empty());
                tape.constant(false);
            }
        }
    }

    /** The place of a value that may still be waiting in the map step. */
    private Place place(Value value) {
        maps.flush();
        return storage.of(value);
    }

    private void merge(Operation.Merge merge, Value result) {
        Place place = place(merge.operand());
        int from = merge.operand().axes().indexOf(merge.parts().getFirst());
        Optional<Place> merged = place.merge(from, merge.parts().size());
        if (merged.isPresent()) {
            storage.put(result, merged.get());
            return;
        }
        tape.constant(liveness.constant(result));
        Place copy = tape.temporary(place.sizes());
        CopyStep.emit(tape, copy, place, "to merge axes");
        storage.put(result, copy.merge(from, merge.parts().size()).orElseThrow());
        tape.constant(false);
    }

    private void emit(Statement statement, int position) {
        Value result = statement.result();
        switch (statement.operation()) {
            case Operation.Contract _,Operation.Softmax _,Operation.SoftmaxGradient _,Operation.Normalise _,Operation.NormaliseGradient _ ->
                emission(statement, position).write();
            case Operation.Reduce reduce -> {
                int[] kept = result.axes().stream().mapToInt(reduce.operand().axes()::indexOf).toArray();
                new ReduceLowering(tape).reduce(reduce.reduction(), storage.of(reduce.operand()), kept,
                        storage.allocateStrided(result));
            }
            case Operation.ProductGradient gradient -> rows.productGradient(gradient, result);
            case Operation.Take take -> rows.take(take, result);
            case Operation.TakeGradient gradient -> rows.takeGradient(gradient, result);
            case Operation.CrossEntropy crossEntropy -> rows.crossEntropy(crossEntropy, result);
            case Operation.CrossEntropyGradient gradient -> rows.crossEntropyGradient(gradient, result, position);
            case Operation.Concatenate concatenate -> concatenate(concatenate, storage.allocate(result), result.axes());
            case Operation.Iota _ -> iota(storage.allocate(result));
            case Operation.Bernoulli bernoulli -> bernoulli(bernoulli, storage.allocate(result));
            case Operation.Map _,Operation.Split _,Operation.Merge _,Operation.Slice _ ->
                throw new IllegalStateException(statement.toString());
        }
    }

    /** A statement that may run together with others, with places for all of its tensors. */
    private Emission emission(Statement statement, int position) {
        Value result = statement.result();
        Optional<Place> sum = Optional.ofNullable(liveness.addsTo(result)).map(storage::of);
        return switch (statement.operation()) {
            case Operation.Contract contract -> contraction(contract, statement, sum.or(() -> total(result)));
            case Operation.Softmax softmax -> rows.softmax(softmax, statement, position);
            case Operation.SoftmaxGradient gradient -> rows.softmaxGradient(gradient, statement, position);
            case Operation.Normalise normalise -> rows.normalise(normalise, statement, position);
            case Operation.NormaliseGradient gradient -> rows.normaliseGradient(gradient, statement, position, sum);
            default -> throw new IllegalStateException(statement.toString());
        };
    }

    private Emission contraction(Operation.Contract contract, Statement statement, Optional<Place> sum) {
        Value result = statement.result();
        Optional<CausalParts> causal = triangles.of(contract, result);
        List<Place> operands = contract.operands().stream().map(storage::of).toList();
        return new Emission(statement, operands, sum.orElseGet(() -> contracted(contract, operands, result)),
                (from, to) -> contractions.contract(contract, from, to, causal, sum.isPresent()));
    }

    /** Memory for what a contraction comes to: for what is different in it, if that is worth it. */
    private Place contracted(Operation.Contract contract, List<Place> operands, Value result) {
        List<Place> seen = IntStream.range(0, operands.size())
                .mapToObj(i -> Pair.aligned(contract.terms().get(i), operands.get(i), contract.output())).toList();
        long[] different = Place.different(storage.sizes(result.axes()), seen);
        return storage.mayRepeat(result) ? storage.repeating(result, different) : storage.allocateStrided(result);
    }

    /** The caller's memory to which a contraction can add itself, if nothing reads what it alone comes to. */
    private Optional<Place> total(Value result) {
        return storage.total(result).filter(_ -> liveness.readers(result).equals(List.of(Integer.MAX_VALUE)))
                .map(place -> storage.put(result, place));
    }

    private void concatenate(Operation.Concatenate concatenate, Place result, List<Axis> axes) {
        int axis = axes.indexOf(concatenate.axis());
        long start = 0;
        for (int part = 0; part < concatenate.parts().size(); part++) {
            long size = storage.sizes(List.of(concatenate.parts().get(part)))[0];
            Place target = result.slice(axis, start, size);
            int operand = concatenate.at().indexOf(part);
            if (operand >= 0) {
                CopyStep.emit(tape, target, storage.of(concatenate.operands().get(operand)), "to concatenate");
            } else {
                zero(target);
            }
            start += size;
        }
    }

    private void zero(Place target) {
        Place zero = new Place(tape.buffer(1), 0, target.sizes(), new long[target.sizes().length]);
        Kernels kernels = tape.kernels();
        Address address = zero.address(tape.precision());
        tape.add(base -> kernels.fill(address.in(base), 0, 1), "zero", zero.buffer());
        CopyStep.emit(tape, target, zero, "of zeros");
    }

    private void iota(Place place) {
        Address address = place.address(tape.precision());
        Precision precision = tape.precision();
        long n = place.sizes()[0];
        tape.add(base -> {
            for (long i = 0; i < n; i++) {
                Raw.put(precision, address.in(base) + i * precision.bytes(), i);
            }
        }, "positions " + n, place.buffer());
    }

    private void bernoulli(Operation.Bernoulli draw, Place place) {
        Place counter = storage.of(draw.step());
        if (!draw.step().axes().isEmpty()) {
            throw new ProgramError("'" + draw.name() + "': the step " + draw.step() + " must be a scalar");
        }
        Kernels kernels = tape.kernels();
        Precision precision = tape.precision();
        Address address = place.address(precision);
        Address step = counter.address(precision);
        long n = place.volume();
        int most = tape.most();
        long key = Philox.of(draw.seed(), draw.name()).key();
        tape.add(base -> {
            long first = (long) Raw.get(precision, step.in(base)) * n;
            for (long i = 0; i < n; i += most) {
                kernels.bernoulli(address.in(base) + i * precision.bytes(), (int) Math.min(most, n - i), draw.keep(),
                        key, first + i);
            }
        }, "draw " + n, place.buffer(), counter.buffer());
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
                CopyStep.emit(tape, outside.get(), place, "of an output");
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
        CopyStep.emit(tape, copy, place, "of an output");
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
                CopyStep.emit(tape, aside, source, "of a state put aside");
                source = aside;
            }
            sources.put(state, source);
        });
        sources.forEach((state, source) -> CopyStep.emit(tape, storage.of(state), source, "to a state"));
    }
}
