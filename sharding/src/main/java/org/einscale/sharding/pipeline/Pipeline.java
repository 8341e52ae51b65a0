package org.einscale.sharding.pipeline;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Sizes;

/**
 * A program as the devices of a mesh run it: one {@link Partition} for all of them, or one for each stage along an axis of the
 * mesh, which the devices of that stage share. What stages hand on, a device hands to the one that has its place in the other
 * stage, in the same parts.
 *
 * @param mesh
 *            all devices
 * @param over
 *            mesh axis along which stages lie; empty if there is but one
 * @param stages
 *            what each runs, over the mesh without that axis
 * @param links
 *            what they hand on to one another, by number
 */
public record Pipeline(Mesh mesh, Optional<String> over, List<Partition> stages, List<Link> links) {

    public Pipeline {
        stages = List.copyOf(stages);
        links = List.copyOf(links);
    }

    /** Devices that all run the same. */
    public static Pipeline of(Partition partition) {
        return new Pipeline(partition.mesh(), Optional.empty(), List.of(partition), List.of());
    }

    /**
     * Splits a training step by rules, after it was cut into stages if they ask for that.
     *
     * @param turns
     *            of results of the program
     * @param optimizerStates
     *            states that are no parameters
     * @throws org.einscale.sharding.ShardingError
     *             if a rule cannot hold
     */
    public static Pipeline of(Program program, Map<Value, Turn> turns, Context context, Splitting splitting,
            Set<Value> optimizerStates) {
        if (splitting.stages().isEmpty()) {
            return of(Partition.of(program, context, splitting, optimizerStates));
        }
        String over = splitting.stages().get();
        Mesh mesh = splitting.mesh();
        Sizes sizes = SizeInference.infer(program, context.sizes());
        Stages cut = new Stages(program, turns, sizes, mesh.size(over), splitting.network(),
                context.precision().bytes());
        List<Program> programs = cut.programs();
        Context known = new Context(sizes, context.precision(), context.machine(), context.paths(), context.outside());
        List<Partition> stages = new ArrayList<>();
        for (int stage = 0; stage < programs.size(); stage++) {
            Set<Value> kept = new HashSet<>(optimizerStates);
            kept.retainAll(programs.get(stage).states());
            stages.add(linked(Partition.of(programs.get(stage), known, splitting.ofStage(), kept), stage, cut.links(),
                    Set.copyOf(program.outputs())));
        }
        return new Pipeline(mesh, Optional.of(over), stages, cut.links());
    }

    /** The partition with what arrives received where it is first read, and what leaves sent as soon as it is made. */
    private static Partition linked(Partition partition, int stage, List<Link> links, Set<Value> outputs) {
        Map<Value, Integer> arriving = new LinkedHashMap<>();
        Map<Value, List<Integer>> leaving = new LinkedHashMap<>();
        Map<Value, Value> values = new LinkedHashMap<>(partition.values());
        Program local = partition.local();
        for (Link link : links) {
            if (link.to() == stage) {
                arriving.put(Objects.requireNonNull(values.remove(link.value())), link.number());
            } else if (link.from() == stage) {
                leaving.computeIfAbsent(partition.local(link.value()), _ -> new ArrayList<>()).add(link.number());
            }
        }
        Set<Value> ended = outputs.stream().filter(values::containsKey).map(values::get).collect(Collectors.toSet());
        Sending sending = new Sending(local, arriving, leaving);
        List<Value> made = new ArrayList<>(local.outputs().stream().filter(ended::contains).toList());
        made.addAll(sending.sent());
        values.keySet().removeIf(value -> links.stream().anyMatch(link -> link.value().equals(value))
                && !outputs.contains(value));
        return new Partition(partition.whole(), partition.sizes(), partition.mesh(),
                new Program(local.inputs().stream().filter(input -> !arriving.containsKey(input)).toList(),
                        local.states(), sending.statements(), made, local.updates()),
                values, partition.shardings(), partition.decisions(), partition.choices());
    }

    /** Another partition of what a stage runs, that receives and sends as the stage does. */
    public Partition linked(Partition other, int stage) {
        Set<Value> outputs = new HashSet<>(other.whole().outputs());
        outputs.retainAll(stages.get(stage).values().keySet());
        return linked(other, stage, links, outputs);
    }

    /** Number of the stage that a device belongs to. */
    public int stage(int device) {
        return over.map(axis -> mesh.coordinate(device, axis)).orElse(0);
    }

    /** What a device runs. */
    public Partition partition(int device) {
        return stages.get(stage(device));
    }

    /** Number of a device among those of its stage. */
    public int place(int device) {
        return mesh.position(device, within());
    }

    /** The devices of a device's stage, by their place. */
    public List<Integer> peers(int device) {
        return mesh.group(device, within());
    }

    /** The device that has in another stage the place that a device has in its own. */
    public int counterpart(int device, int stage) {
        return mesh.group(device, over.stream().toList()).get(stage);
    }

    /** Mesh axes along which the devices of a stage lie. */
    private List<String> within() {
        return mesh.axes().keySet().stream().filter(axis -> !over.equals(Optional.of(axis))).toList();
    }

    /** Sizes of the axes of a value of the whole program. */
    public long[] shape(Value value) {
        return value.axes().stream().mapToLong(stages.getFirst().sizes()::of).toArray();
    }

    /**
     * Refuses another shape.
     *
     * @throws IllegalArgumentException
     *             naming both
     */
    public void requireShape(Value value, long[] found) {
        if (!Arrays.equals(found, shape(value))) {
            throw new IllegalArgumentException(value + " is written from an array of shape " + Arrays.toString(found)
                    + "; expected " + Arrays.toString(shape(value)));
        }
    }

    /** Devices that have an input, state or output of the whole program. */
    public List<Integer> holders(Value value) {
        return IntStream.range(0, mesh.devices()).filter(d -> partition(d).values().containsKey(value)).boxed()
                .toList();
    }

    /** What a device has of a value. */
    public record Part(Value value, int device, Block block) {}

    /** The parts that make up an input, state or output of the whole program, each from the first device that has it. */
    public List<Part> parts(Value value) {
        Map<List<IntBuffer>, Part> parts = new LinkedHashMap<>();
        for (int device : holders(value)) {
            Block block = partition(device).block(value, place(device));
            if (block.volume() > 0) {
                parts.putIfAbsent(List.of(IntBuffer.wrap(block.starts()), IntBuffer.wrap(block.sizes())),
                        new Part(value, device, block));
            }
        }
        return List.copyOf(parts.values());
    }

    /** What one stage hands to another. */
    public List<Link> links(int from, int to) {
        return links.stream().filter(link -> link.from() == from && link.to() == to).toList();
    }

    /** Elements that the busiest device of a stage sends to one in another stage. */
    public long sent(int from, int to) {
        return links(from, to).stream().mapToLong(this::sent).sum();
    }

    /** Elements that the busiest device sends, to those of its stage and to others. */
    public long mostSent() {
        return IntStream.range(0, stages.size())
                .mapToLong(stage -> stages.get(stage).bytes() / Float.BYTES
                        + IntStream.range(0, stages.size()).mapToLong(other -> sent(stage, other)).sum())
                .max().orElse(0);
    }

    /** Elements that the busiest device of a stage sends through a link. */
    public long sent(Link link) {
        return stages.get(link.to()).block(link.value(), 0).volume();
    }
}
