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
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.partition.Decision;
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
     */
    public record Sent(String op, String value, List<String> over, long bytes,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String asker,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    /**
     * A statement of a device's program.
     *
     * @param shape
     *            of its result, in elements
     * @param bytes
     *            of its result in memory
     * @param sent
     *            bytes; 0 unless it is a collective
     */
    public record Line(String text, List<Integer> shape, double flops, long bytes, long sent,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    /**
     * A training step.
     *
     * @param experiment
     *            the name of its file
     * @param mesh
     *            sizes of the mesh's axes
     * @param device
     *            what a device does and has
     * @param alone
     *            what one device without others would
     */
    public record Step(String experiment, Map<String, Integer> mesh, List<String> rules, Load device, Load alone) {}

    /** FLOPs of a step, and bytes of parameters and of states of the optimizer. */
    public record Load(double flops, long parameterBytes, long optimizerBytes) {}

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
        partition.decisions().forEach(decision -> decisions.put(decision.statement().result(), decision));
        boolean reasons = explained || step != null;
        List<Sent> collectives = partition.collectives().stream()
                .map(statement -> sent(statement, joined, bytes(partition, statement, elementBytes),
                        reasons ? decisions.get(statement.result()) : null))
                .toList();
        return new ShardReport(collectives, collectives.stream().mapToLong(Sent::bytes).sum(),
                multiplications(partition.local(), sizes), output(partition, joined), step, explained
                        ? partition.local().statements().stream()
                                .map(statement -> line(statement, sizes, elementBytes,
                                        bytes(partition, statement, elementBytes), decisions.get(statement.result())))
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
                decision == null ? "" : decision.asker(), decision == null ? "" : decision.reason());
    }

    private static Line line(Statement statement, Sizes sizes, int elementBytes, long sent,
            @Nullable Decision decision) {
        List<Axis> axes = statement.result().axes();
        return new Line(statement.toString(), axes.stream().map(sizes::of).toList(), Flops.of(statement, sizes),
                sizes.volume(axes) * elementBytes, sent, decision == null ? "" : decision.reason());
    }

    /** One for each point of a contraction's index space and each operand but the first. */
    private static long multiplications(Program program, Sizes sizes) {
        double all = 0;
        for (Statement statement : program.statements()) {
            if (statement.operation() instanceof Operation.Contract contract) {
                all += (contract.operands().size() - 1) * sizes.points(List.copyOf(contract.names().values()));
            }
        }
        return (long) all;
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
