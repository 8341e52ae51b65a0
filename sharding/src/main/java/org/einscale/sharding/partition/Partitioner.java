package org.einscale.sharding.partition;

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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.dataflow.Uses;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.collective.Stage;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;

/**
 * Writes what one device of a mesh does for a program: the same statements on its parts of the values, and collectives where
 * it needs what others have. Statement by statement it takes the way to share the work that costs least time, counting what
 * it takes to bring operands there and the result to where the rules want it. A sum that the devices have not finished stays
 * unfinished until something needs it whole, so that what is added to it first is sent together with it.
 */
final class Partitioner {
    /** Seconds by which a sum is rather finished than not, where that costs the same. */
    private static final double EARLY = 1e-9;

    private final Program program;
    private final Sizes sizes;
    private final Mesh mesh;
    private final Network network;
    private final double elementBytes;
    private final Optional<List<List<String>>> units;
    private final Homes homes;
    private final Set<Value> gatheredAnew;
    private final Resharding resharding;
    private final Uses uses;
    private final Reasons reasons;
    private final Emitter emitter;
    private final Map<Value, SequencedVariants> variants = new HashMap<>();
    private final Map<Question, List<Search.Option>> answers = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Choice> choices = new ArrayList<>();
    /** What is answered by making the result as it is wanted. */
    private final Set<Question> held;
    private final Set<Question> strays = new LinkedHashSet<>();
    private double seconds;

    /** Forms in which a value is there: by how it is split, what the devices call it. The first is the one in which it was made. */
    private static final class SequencedVariants extends LinkedHashMap<Sharding, Value> {
        private static final long serialVersionUID = 1;
    }

    /**
     * @param homes
     *            how values are wanted; of all values, or only of inputs, states and outputs if the search is exhaustive
     * @param gatheredAnew
     *            values of which what was gathered for one statement is not kept for the next
     * @param units
     *            for an exhaustive search: all axes of the mesh, those together that are factors of one
     */
    Partitioner(Program program, Sizes sizes, Mesh mesh, Homes homes, Set<Value> gatheredAnew, Network network,
            double elementBytes, Optional<List<List<String>>> units) {
        this(program, sizes, mesh, homes, gatheredAnew, network, elementBytes, units, Set.of());
    }

    private Partitioner(Program program, Sizes sizes, Mesh mesh, Homes homes, Set<Value> gatheredAnew, Network network,
            double elementBytes, Optional<List<List<String>>> units, Set<Question> held) {
        this.held = held;
        this.program = program;
        this.sizes = sizes;
        this.mesh = mesh;
        this.network = network;
        this.homes = homes;
        this.gatheredAnew = gatheredAnew;
        this.elementBytes = elementBytes;
        this.units = units;
        this.resharding = new Resharding(mesh, network, elementBytes);
        this.uses = new Uses(program);
        this.reasons = new Reasons(homes);
        this.emitter = new Emitter(mesh);
    }

    /**
     * The program as it is shared best. Where one operand brings a split that nothing asks for to a result that goes on with
     * it, what follows is not foreseen: so of each such kind of statement it is tried to make the result as it is wanted.
     */
    Partition best() {
        Partitioner best = this;
        Partition partition = run();
        for (Question stray : strays) {
            if (!best.strays.contains(stray)) {
                continue;
            }
            Set<Question> more = new HashSet<>(best.held);
            more.add(stray);
            Partitioner next = new Partitioner(program, sizes, mesh, homes, gatheredAnew, network, elementBytes, units,
                    more);
            Partition other = next.run();
            if (next.seconds < best.seconds) {
                best = next;
                partition = other;
            }
        }
        return partition;
    }

    Partition run() {
        if (sizes.has(Partition.DEVICE)) {
            throw new ShardingError("axis '" + Partition.DEVICE.name()
                    + "' cannot be split over a mesh, where it means the position of a device; give it another name");
        }
        Map<Value, Value> local = new LinkedHashMap<>();
        program.inputs().forEach(input -> local.put(input,
                begin(input, emitter.builder().input(input.name(), homes.of(input).local(input.axes())))));
        program.states().forEach(state -> local.put(state,
                begin(state, emitter.builder().state(state.name(), homes.of(state).local(state.axes())))));
        Set<Value> outputs = Set.copyOf(program.outputs());
        for (Statement statement : program.statements()) {
            share(statement);
            if (outputs.contains(statement.result())) {
                end(statement.result());
            }
        }
        program.outputs().forEach(output -> {
            Value end = end(output);
            emitter.builder().output(end);
            local.put(output, end);
        });
        program.updates()
                .forEach((state, update) -> emitter.builder().update(Objects.requireNonNull(local.get(state)),
                        at(update, homes.of(state), from -> reasons.end(update, state,
                                update.name() + ", which state " + state.name() + " becomes,", from,
                                homes.of(state)))));
        Map<Value, Sharding> shardings = new LinkedHashMap<>();
        local.keySet().forEach(value -> shardings.put(value, homes.of(value)));
        return new Partition(program, sizes, mesh, Schedule.apply(emitter.builder().build(), mesh, sizes),
                local, shardings, decisions,
                choices);
    }

    /** An output as it is wanted. */
    private Value end(Value output) {
        return at(output, homes.of(output),
                from -> reasons.end(output, output, "output " + output.name(), from, homes.of(output)));
    }

    private Value begin(Value value, Value local) {
        have(value, homes.of(value), local);
        return local;
    }

    private void have(Value value, Sharding sharding, Value local) {
        variants.computeIfAbsent(value, _ -> new SequencedVariants()).put(sharding, local);
    }

    private SequencedVariants variants(Value value) {
        return Objects.requireNonNull(variants.get(value), value::toString);
    }

    private List<Integer> sizes(Value value) {
        return value.axes().stream().map(sizes::of).toList();
    }

    private void share(Statement statement) {
        Form form = Form.of(statement);
        List<Value> operands = statement.operation().operands();
        Sharding home = homes.of(statement.result());
        Map<Axis, Integer> named = named(form, statement);
        List<Set<Sharding>> known = new ArrayList<>();
        operands.forEach(operand -> {
            Set<Sharding> shardings = new LinkedHashSet<>();
            shardings.add(variants(operand).firstEntry().getKey());
            shardings.add(homes.of(operand));
            known.add(shardings);
        });
        double work = Math.max(Flops.of(statement, sizes), sizes.points(statement.result().axes()));
        Question question = Question.of(form, statement, named,
                operands.stream().map(operand -> List.copyOf(variants(operand).keySet())).toList(), known,
                operands.stream().map(this::readOnce).toList(), home);
        List<Search.Option> ways = answers
                .computeIfAbsent(question,
                        _ -> ways(statement, form, named, known, home, work, held.contains(question)).stream()
                                .map(way -> way.with(sharing -> question.general(form, sharing))).toList())
                .stream().map(way -> way.with(general -> question.answer(form, general))).toList();
        Sharing best = ways.getFirst().sharing();
        if (strays(statement, form, best, home)) {
            strays.add(question);
        }
        seconds += network.time(ways.getFirst().work(), 0, 0);
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            int operand = i;
            inputs.add(at(operands.get(i), best.operand(form, i),
                    from -> reasons.operand(statement, form, best, operand, from)));
        }
        Value made = emitter.emit(statement, form, best, inputs);
        best.combined(form, mesh).keySet()
                .forEach(reduction -> decided(statement.result(), reasons.combined(statement, form, best, reduction)));
        reasons.shared(statement, form, best);
        have(statement.result(), best.result(form), made);
        if (homes.forces(statement.result())) {
            hold(statement.result());
        }
        choices.add(new Choice(statement, made, best.result(form), ways.getFirst().way(),
                ways.subList(1, ways.size()).stream().map(Search.Option::way).toList()));
    }

    /** Whether a part is made of what is wanted of a result that no state becomes, though not all operands are there in parts. */
    private boolean strays(Statement statement, Form form, Sharing sharing, Sharding home) {
        List<Value> operands = statement.operation().operands();
        return !homes.isOfState(statement.result()) && !uses.readers(statement.result()).isEmpty()
                && sharing.result(form).summed().isPartOf(home.summed())
                && IntStream.range(0, operands.size())
                        .anyMatch(i -> !variants(operands.get(i)).containsKey(sharing.operand(form, i)));
    }

    /** Brings a value that was just made to where it is wanted, and forgets in which form it was made. */
    private void hold(Value value) {
        Sharding home = homes.of(value);
        Value held = at(value, home, from -> reasons.end(value, value, value.name(), from, home));
        variants(value).clear();
        have(value, home, held);
    }

    /** The best way first, and those that come after it. */
    private List<Search.Option> ways(Statement statement, Form form, Map<Axis, Integer> named,
            List<Set<Sharding>> known, Sharding home, double work, boolean asWanted) {
        Sharings sharings = new Sharings(mesh,
                units.orElseGet(() -> mesh.axes().keySet().stream().map(List::of).toList()), form, named, known, home);
        double most = network.equals(Network.BYTES) ? work / sharings.natural() : work;
        Search search = new Search(
                sharing -> work / sharings.devices(sharing) <= most
                        ? Optional.of(option(statement, form, sharing, home, work, sharings.devices(sharing)))
                        : Optional.empty(),
                sharing -> least(statement, form, sharing, home));
        return units.isPresent()
                ? search.best(sharings.all(), sharings::near)
                : search.best(asWanted ? sharings.asWanted() : sharings.suggested());
    }

    /** What the last statement of a device is for. */
    private void decided(Value value, Reasons.Reason reason) {
        decisions.add(new Decision(value, emitter.last(), reason.asker(), reason.text(), reason.remedy()));
    }

    /** Sizes by the operation's own names. */
    private Map<Axis, Integer> named(Form form, Statement statement) {
        Map<Axis, Integer> named = new HashMap<>();
        List<Value> operands = statement.operation().operands();
        for (int i = 0; i < operands.size(); i++) {
            name(form.operands().get(i), operands.get(i), named);
        }
        name(form.output(), statement.result(), named);
        if (statement.operation() instanceof Operation.Split(_, _, List<Axis> parts)) {
            named.put(parts.getFirst(), sizes.of(parts.getFirst()));
        } else if (statement.operation() instanceof Operation.Merge(_, List<Axis> parts, _)) {
            named.put(parts.getFirst(), sizes.of(parts.getFirst()));
        }
        return named;
    }

    private void name(List<Axis> names, Value value, Map<Axis, Integer> named) {
        for (int j = 0; j < names.size(); j++) {
            named.putIfAbsent(names.get(j), sizes.of(value.axes().get(j)));
        }
    }

    private Search.Option option(Statement statement, Form form, Sharing sharing, Sharding home, double work,
            int devices) {
        List<Value> operands = statement.operation().operands();
        double here = work / devices;
        double time = network.time(here, 0, 0);
        List<Move> moves = new ArrayList<>();
        Set<Map.Entry<Value, Sharding>> counted = new HashSet<>();
        for (int i = 0; i < operands.size(); i++) {
            Sharding needed = sharing.operand(form, i);
            if (counted.add(Map.entry(operands.get(i), needed))) {
                List<Move> way = resharding.moves(nearest(operands.get(i), needed), needed, sizes(operands.get(i)));
                time += resharding.time(way);
                moves.addAll(way);
            }
        }
        Sharding result = sharing.result(form);
        double bytes = elementBytes * resharding.volume(sizes(statement.result()), result.split());
        int[] combined = sharing.combined(form, mesh).values().stream().mapToInt(mesh::devices).toArray();
        double sums = IntStream.of(combined).mapToDouble(n -> Move.allReduce(bytes, n)).sum();
        int rounds = IntStream.of(combined)
                .map(n -> Stage.rounds(Operation.Exchange.ALL_REDUCE, n, bytes / elementBytes)).sum();
        time += network.time(0, sums, rounds);
        List<Move> end = resharding.moves(result, home, sizes(statement.result()));
        // Sums of single numbers wait for one another, so that devices exchange them but once; others wait if nobody else needs
        // them.
        boolean waits = statement.result().axes().isEmpty() || handsOn(operands, sharing) && !divides(statement);
        double early = waits ? -EARLY : EARLY;
        time += resharding.time(end) + early * result.partial().size();
        moves.addAll(end);
        return new Search.Option(sharing, time, devices, moves.size(), here,
                elementBytes * moves.stream().mapToDouble(Move::elements).sum() + sums,
                moves.stream().mapToInt(Move::rounds).sum() + rounds);
    }

    /** What moves take at least. */
    private double least(Statement statement, Form form, Sharing sharing, Sharding home) {
        List<Value> operands = statement.operation().operands();
        double time = resharding.least(sharing.result(form), home, sizes(statement.result()));
        for (int i = 0; i < operands.size(); i++) {
            Value operand = operands.get(i);
            Sharding needed = sharing.operand(form, i);
            if (operands.indexOf(operand) == i) {
                time += variants(operand).keySet().stream()
                        .mapToDouble(have -> resharding.least(have, needed, sizes(operand))).min().orElse(0);
            }
        }
        return time;
    }

    /** Whether all that goes on unfinished is unfinished already, and read by this statement alone. */
    private boolean handsOn(List<Value> operands, Sharing sharing) {
        return !sharing.passed().isEmpty() && sharing.passed().entrySet().stream()
                .allMatch(passed -> passed.getValue().stream().map(operands::get)
                        .allMatch(operand -> readOnce(operand)
                                && variants(operand).firstEntry().getKey().partial().contains(passed.getKey())));
    }

    /** Whether it is a quotient, as a mean is, which is exact of a sum of whole numbers, but not of its addends. */
    private static boolean divides(Statement statement) {
        return statement.operation() instanceof Operation.Map map
                && map.expression() instanceof Pointwise.Combine(Binary function, _, _) && function == Binary.DIVIDE;
    }

    private boolean readOnce(Value value) {
        return uses.readers(value).size() == 1;
    }

    private double time(Sharding from, Sharding to, Value value) {
        return resharding.time(resharding.moves(from, to, sizes(value)));
    }

    /** The form of a value from which another is made fastest. */
    private Sharding nearest(Value value, Sharding needed) {
        return variants(value).keySet().stream().min(Comparator.comparingDouble(have -> time(have, needed, value)))
                .orElseThrow();
    }

    /** The value in the given form, brought there if it is not yet. */
    private Value at(Value value, Sharding needed, Function<Sharding, Reasons.Reason> reason) {
        Value known = variants(value).get(needed);
        if (known != null) {
            return known;
        }
        Sharding from = nearest(value, needed);
        Value local = Objects.requireNonNull(variants(value).get(from));
        Sharding now = from;
        List<Move> moves = resharding.moves(from, needed, sizes(value));
        seconds += resharding.time(moves);
        for (Move move : moves) {
            Value next = emitter.move(value, local, move);
            move.exchange().ifPresent(_ -> decided(value, reason.apply(from)));
            if (!gatheredAnew.contains(value)) {
                have(value, move.to(), next);
            }
            local = next;
            now = move.to();
        }
        if (!now.equals(needed)) {
            throw new IllegalStateException(value + " is " + now + ", not " + needed);
        }
        return local;
    }
}
