package org.einscale.einsum.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A computation as a typed list of operations over named axes, without sizes. It is immutable; passes make new programs
 * from it.
 *
 * @param inputs
 *            values that the caller sets before every run
 * @param states
 *            values that keep their content from run to run: parameters, optimizer moments
 * @param statements
 *            in an order in which every value is made before it is read
 * @param outputs
 *            values that can be read after a run
 * @param updates
 *            what a state holds after a run; states without an entry stay as they are
 */
public record Program(List<Value> inputs, List<Value> states, List<Statement> statements, List<Value> outputs,
        SequencedMap<Value, Value> updates) {

    public Program {
        inputs = List.copyOf(inputs);
        states = List.copyOf(states);
        statements = List.copyOf(statements);
        outputs = List.copyOf(outputs);
        updates = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(updates));
        Set<Value> known = new HashSet<>(inputs);
        known.addAll(states);
        for (Statement statement : statements) {
            for (Value operand : statement.operation().operands()) {
                requireKnown(known, operand, statement::toString);
            }
            if (!known.add(statement.result())) {
                throw new ProgramError("value " + statement.result() + " is made twice");
            }
        }
        outputs.forEach(value -> requireKnown(known, value, () -> "the outputs"));
        for (Value state : updates.keySet()) {
            if (!states.contains(state)) {
                throw new ProgramError("value " + state + " is updated, but it is not a state");
            }
        }
        updates.forEach((state, value) -> requireKnown(known, value, () -> "the update of " + state));
    }

    private static void requireKnown(Set<Value> known, Value value, Supplier<String> where) {
        if (!known.contains(value)) {
            throw new ProgramError("value " + value + " is read by " + where.get() + " before it is made");
        }
    }

    /** The same program with other statements. */
    public Program with(List<Statement> statements) {
        return new Program(inputs, states, statements, outputs, updates);
    }

    /** The same program with these outputs alone, so that a plan may use the memory of others again. */
    public Program only(Value... kept) {
        return new Program(inputs, states, statements, List.of(kept), updates);
    }

    /** The statements in order, those that run together in one list. */
    public List<List<Statement>> blocks() {
        List<List<Statement>> blocks = new ArrayList<>();
        OptionalInt last = OptionalInt.empty();
        for (Statement statement : statements) {
            OptionalInt block = statement.execution().block();
            if (block.isEmpty() || !block.equals(last)) {
                blocks.add(new ArrayList<>());
            }
            blocks.getLast().add(statement);
            last = block;
        }
        return blocks;
    }

    /** All values, in the order in which they come to be. */
    public List<Value> values() {
        List<Value> values = new ArrayList<>(inputs);
        values.addAll(states);
        statements.forEach(statement -> values.add(statement.result()));
        return values;
    }

    /** A value by name: of the inputs, states and outputs. */
    public Value named(String name) {
        return Stream.of(inputs, states, outputs).flatMap(List::stream).filter(v -> v.name().equals(name)).findFirst()
                .orElseThrow(() -> new ProgramError("no input, state or output is called '" + name + "'; there are "
                        + Stream.of(inputs, states, outputs).flatMap(List::stream).map(Value::name).distinct()
                                .collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return Stream
                .of(Stream.of("inputs " + inputs, "states " + states), blocks().stream().map(Program::text),
                        Stream.of("outputs " + outputs, "updates " + updates))
                .flatMap(s -> s).collect(Collectors.joining("\n"));
    }

    private static String text(List<Statement> block) {
        return block.size() == 1
                ? block.getFirst().toString()
                : block.stream().map(statement -> "  " + statement)
                        .collect(Collectors.joining("\n", "together {\n", "\n}"));
    }
}
