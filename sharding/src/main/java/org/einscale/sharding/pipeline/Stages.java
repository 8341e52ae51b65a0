package org.einscale.sharding.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Network;
import org.einscale.tensor.Sizes;

/**
 * Cuts a training step into the programs of its stages. A statement is run by the stage of the layer that it belongs to, there
 * and back; a state is kept by the stage that reads it first, and updated there. What is made of inputs alone, or of one number
 * alone, every stage that needs it makes for itself. All else that one stage makes and another reads is a {@link Link}.
 */
final class Stages {
    private final Program program;
    private final Set<Value> states;
    private final Map<Value, Turn> turns;
    private final int[] ends;
    private final int microBatches;
    private final Map<Value, Statement> makers = new HashMap<>();
    private final Map<Value, Integer> order = new HashMap<>();
    /** Of results that one stage makes, and of states. */
    private final Map<Value, Integer> stages = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    /** By the stage that it arrives at, what is sent. */
    private final Map<Integer, Set<Value>> arriving = new HashMap<>();
    private final Map<Value, Value> sentStates = new LinkedHashMap<>();
    private final ProgramBuilder copies;

    Stages(Program program, Map<Value, Turn> turns, Sizes sizes, int count, Network network, int elementBytes) {
        this.program = program;
        this.states = Set.copyOf(program.states());
        this.copies = ProgramBuilder.beside(program);
        for (Statement statement : program.statements()) {
            makers.put(statement.result(), statement);
            order.put(statement.result(), order.size());
        }
        Map<Value, Turn> turned = new HashMap<>(turns);
        madeOfInputs().forEach(turned::remove);
        this.turns = turned;
        this.microBatches = turned.values().stream().mapToInt(Turn::microBatch).max().orElse(0) + 1;
        this.ends = new Cuts(program, turned, sizes, elementBytes).into(count, network);
        place(sizes);
    }

    /** Results for which nothing is needed but inputs. */
    private Set<Value> madeOfInputs() {
        Set<Value> known = new HashSet<>(program.inputs());
        Set<Value> made = new HashSet<>();
        for (Statement statement : program.statements()) {
            if (known.containsAll(statement.operation().operands())) {
                known.add(statement.result());
                made.add(statement.result());
            }
        }
        return made;
    }

    private int stage(int depth) {
        int stage = 0;
        while (depth >= ends[stage]) {
            stage++;
        }
        return stage;
    }

    private void place(Sizes sizes) {
        for (Statement statement : program.statements()) {
            Turn turn = turns.get(statement.result());
            if (turn != null) {
                int stage = stage(turn.depth());
                stages.put(statement.result(), stage);
                statement.operation().operands().stream().filter(states::contains)
                        .forEach(state -> stages.merge(state, stage, Math::min));
            }
        }
        for (Statement statement : program.statements()) {
            List<Value> operands = statement.operation().operands();
            if (!stages.containsKey(statement.result()) && !everywhere(statement)) {
                operands.stream().filter(stages::containsKey)
                        .max(Comparator.comparingDouble((Value v) -> sizes.points(v.axes()))
                                .thenComparingInt(v -> Objects.requireNonNull(stages.get(v))))
                        .ifPresent(largest -> {
                            int stage = Objects.requireNonNull(stages.get(largest));
                            stages.put(statement.result(), stage);
                            operands.stream().filter(states::contains)
                                    .forEach(state -> stages.putIfAbsent(state, stage));
                        });
            }
        }
        program.states().forEach(state -> stages.putIfAbsent(state, 0));
    }

    /** Whether a statement is made wherever it is needed: of inputs, or as a number of no more than one other number. */
    private boolean everywhere(Statement statement) {
        List<Value> made = statement.operation().operands().stream()
                .filter(operand -> stages.containsKey(operand) || states.contains(operand)).distinct()
                .toList();
        return made.isEmpty()
                || statement.result().axes().isEmpty() && made.size() == 1 && made.getFirst().axes().isEmpty();
    }

    /** What stages hand on to one another; known once their {@link #programs} are. */
    List<Link> links() {
        return List.copyOf(links);
    }

    /** The program of every stage: what arrives is among its inputs, what leaves among its outputs. */
    List<Program> programs() {
        List<Set<Value>> needed = new ArrayList<>();
        for (int stage = 0; stage < ends.length; stage++) {
            needed.add(needed(stage));
        }
        List<Program> programs = new ArrayList<>();
        for (int stage = 0; stage < ends.length; stage++) {
            programs.add(program(stage, needed.get(stage)));
        }
        return programs;
    }

    /** What a stage makes, in its order; notes what has to arrive. */
    private Set<Value> needed(int stage) {
        Set<Value> roots = new LinkedHashSet<>();
        program.statements().stream().map(Statement::result).filter(v -> isOf(v, stage))
                .sorted(Comparator.comparingLong(v -> slot(v, stage))).forEach(roots::add);
        program.updates().forEach((state, update) -> {
            if (isOf(state, stage)) {
                roots.add(update);
            }
        });
        roots.addAll(outputs(stage));
        Set<Value> made = new LinkedHashSet<>();
        roots.forEach(root -> need(root, stage, made));
        return made;
    }

    /** Whether a stage makes or keeps a value. */
    private boolean isOf(Value value, int stage) {
        return Integer.valueOf(stage).equals(stages.get(value));
    }

    /** Outputs of the whole that a stage makes; the first makes those that any could. */
    private List<Value> outputs(int stage) {
        return program.outputs().stream().filter(value -> stages.getOrDefault(value, 0) == stage).toList();
    }

    private long slot(Value value, int stage) {
        Turn turn = turns.get(value);
        int slot = turn == null ? Integer.MAX_VALUE : turn.slot(ends.length - 1 - stage, microBatches);
        return ((long) slot << Integer.SIZE) + Objects.requireNonNull(order.get(value));
    }

    private void need(Value value, int stage, Set<Value> made) {
        int home = stages.getOrDefault(value, stage);
        if (home != stage) {
            arrive(value, home, stage);
        } else if (makers.containsKey(value) && !made.contains(value)) {
            Objects.requireNonNull(makers.get(value)).operation().operands()
                    .forEach(operand -> need(operand, stage, made));
            made.add(value);
        }
    }

    private void arrive(Value value, int from, int to) {
        Value sent = states.contains(value)
                ? sentStates.computeIfAbsent(value, state -> copies.append(state.name(), state.axes(),
                        new Operation.Map(Pointwise.operand(0), List.of(state))))
                : value;
        if (arriving.computeIfAbsent(to, _ -> new LinkedHashSet<>()).add(sent)) {
            links.add(new Link(links.size(), from, to, sent));
        }
    }

    private Program program(int stage, Set<Value> made) {
        List<Value> leaving = links.stream().filter(link -> link.from() == stage).map(Link::value).distinct().toList();
        Set<Value> read = new HashSet<>(program.outputs());
        List<Statement> statements = new ArrayList<>();
        sentStates.forEach((state, copy) -> {
            if (leaving.contains(copy)) {
                statements.add(new Statement(copy, new Operation.Map(Pointwise.operand(0), List.of(state))));
            }
        });
        for (Value value : made) {
            Statement statement = Objects.requireNonNull(makers.get(value));
            List<Value> operands = statement.operation().operands().stream().map(v -> here(v, stage)).toList();
            read.addAll(operands);
            statements.add(new Statement(value, statement.operation().on(operands), statement.execution()));
        }
        List<Value> inputs = new ArrayList<>(program.inputs().stream().filter(read::contains).toList());
        inputs.addAll(arriving.getOrDefault(stage, Set.of()));
        List<Value> kept = program.states().stream().filter(state -> isOf(state, stage)).toList();
        List<Value> outputs = new ArrayList<>(outputs(stage));
        leaving.stream().filter(value -> !outputs.contains(value)).forEach(outputs::add);
        SequencedMap<Value, Value> updates = new LinkedHashMap<>();
        program.updates().forEach((state, update) -> {
            if (isOf(state, stage)) {
                updates.put(state, here(update, stage));
            }
        });
        return new Program(inputs, kept, statements, outputs, updates);
    }

    /** What a stage calls a value: a state of another stage is there as a copy. */
    private Value here(Value value, int stage) {
        return Optional.ofNullable(sentStates.get(value)).filter(_ -> stages.getOrDefault(value, stage) != stage)
                .orElse(value);
    }
}
