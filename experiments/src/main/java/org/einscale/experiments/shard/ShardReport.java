package org.einscale.experiments.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.partition.Choice;
import org.einscale.sharding.partition.Decision;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.jspecify.annotations.Nullable;

/**
 * What devices do and send when they share a program. Numbers are those of the device that has most to do: the first, which
 * has at least as much of every axis as any other. The components are made to be written as JSON.
 *
 * @param collectives
 *            in their order
 * @param bytes
 *            that a device sends in all of them
 * @param multiplications
 *            of a device in its contractions
 * @param output
 *            mesh axes, major to minor, by the axis of the result that they split, and {@code partial} for those over which
 *            it is an unfinished sum
 * @param step
 *            what else there is to say of a training; null for an einsum
 * @param statements
 *            of a device's program, if asked for
 */
public record ShardReport(List<Sent> collectives, long bytes, long multiplications, Map<String, List<String>> output,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Step step,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Line> statements) {

    /**
     * A collective.
     *
     * @param op
     *            such as all-reduce
     * @param over
     *            mesh axes
     * @param bytes
     *            that the busiest device sends
     * @param asker
     *            what it is for in a few words, empty if not asked for
     * @param reason
     *            the same at length
     * @param remedy
     *            of what no rule asks for, which rule would, or without which it would go away; else empty
     */
    public record Sent(String op, String value, List<String> over, long bytes,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String asker,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String remedy) {}

    /**
     * A statement of a device's program.
     *
     * @param shape
     *            of its result, in elements
     * @param bytes
     *            of its result in memory
     * @param sent
     *            bytes; 0 unless it is a collective
     * @param along
     *            along which axes devices share the work, empty for what only moves values
     * @param rejected
     *            other ways to share it, the best first
     */
    public record Line(String text, List<Integer> shape, double flops, long bytes, long sent,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String along,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Rejected> rejected) {}

    /** A way to share a statement that was not taken, with what it would take more, or less, of a device. */
    public record Rejected(String along, double seconds, double flops, double bytes, int rounds) {}

    /**
     * A training step.
     *
     * @param experiment
     *            the name of its file
     * @param mesh
     *            sizes of the mesh's axes
     * @param values
     *            how inputs, states and outputs are split, by name
     * @param device
     *            what a device does and has
     * @param alone
     *            what one device without others would
     * @param rounds
     *            in which a device waits for others
     * @param seconds
     *            predicted
     */
    public record Step(String experiment, Map<String, Integer> mesh, List<String> rules, Map<String, String> values,
            Load device, Load alone, int rounds, double seconds) {}

    /** FLOPs of a step; bytes of parameters, of states of the optimizer, and of all that is needed at one time. */
    public record Load(double flops, long parameterBytes, long optimizerBytes, long memoryBytes) {}

    /**
     * The report of a shared program.
     *
     * @param joined
     *            what mesh axes are called
     * @param elementBytes
     *            of each number
     * @param explained
     *            whether to list statements and reasons
     */
    static ShardReport of(Partition partition, UnaryOperator<List<String>> joined, int elementBytes,
            boolean explained, @Nullable Step step) {
        Sizes sizes = partition.sizes(0);
        Map<Value, Decision> decisions = new HashMap<>();
        Map<Value, Choice> choices = new HashMap<>();
        partition.choices().forEach(choice -> choices.put(choice.local(), choice));
        partition.decisions().forEach(decision -> decisions.put(decision.statement().result(), decision));
        boolean reasons = explained || step != null;
        List<Sent> collectives = partition.collectives().stream()
                .map(statement -> sent(statement, joined, bytes(partition, statement, elementBytes),
                        reasons ? decisions.get(statement.result()) : null))
                .toList();
        return new ShardReport(collectives, collectives.stream().mapToLong(Sent::bytes).sum(),
                (long) partition.local().statements().stream()
                        .mapToDouble(statement -> Expected.multiplications(statement, sizes)).sum(),
                output(partition, joined), step, explained
                        ? partition.local().statements().stream()
                                .map(statement -> line(statement, sizes, elementBytes,
                                        bytes(partition, statement, elementBytes), decisions.get(statement.result()),
                                        choices.get(statement.result())))
                                .toList()
                        : List.of());
    }

    private static long bytes(Partition partition, Statement statement, int elementBytes) {
        return statement.operation() instanceof Operation.Collective
                ? partition.bytes(statement) / Float.BYTES * elementBytes
                : 0;
    }

    private static Sent sent(Statement statement, UnaryOperator<List<String>> joined, long bytes,
            @Nullable Decision decision) {
        Operation.Collective collective = (Operation.Collective) statement.operation();
        return new Sent(collective.exchange().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                statement.result().name(), joined.apply(collective.over()), bytes,
                decision == null ? "" : decision.asker(), decision == null ? "" : decision.reason(),
                decision == null ? "" : decision.remedy().orElse(""));
    }

    private static Line line(Statement statement, Sizes sizes, int elementBytes, long sent,
            @Nullable Decision decision, @Nullable Choice choice) {
        List<Axis> axes = statement.result().axes();
        return new Line(statement.toString(), axes.stream().map(sizes::of).toList(), Flops.of(statement, sizes),
                sizes.volume(axes) * elementBytes, sent, decision == null ? "" : decision.reason(),
                choice == null ? "" : choice.taken().toString(),
                choice == null
                        ? List.of()
                        : choice.rejected().stream().map(way -> rejected(way, choice.taken())).toList());
    }

    private static Rejected rejected(Choice.Way way, Choice.Way taken) {
        return new Rejected(way.toString(), way.seconds() - taken.seconds(), way.work() - taken.work(),
                way.bytes() - taken.bytes(), way.rounds() - taken.rounds());
    }

    private static Map<String, List<String>> output(Partition partition, UnaryOperator<List<String>> joined) {
        Map<String, List<String>> output = new LinkedHashMap<>();
        Value result = partition.whole().outputs().getFirst();
        Sharding sharding = partition.sharding(result);
        for (int i = 0; i < result.axes().size(); i++) {
            if (!sharding.split().get(i).isEmpty()) {
                output.put(result.axes().get(i).name(), joined.apply(sharding.split().get(i)));
            }
        }
        if (!sharding.partial().isEmpty()) {
            output.put("partial", joined.apply(partition.mesh().ordered(sharding.partial())));
        }
        return output;
    }
}
