package org.einscale.sharding.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Parts;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Runs the program of every device of a mesh in one thread, statement by statement, in float64: slow, obvious, and the oracle of
 * what runs on real devices. A collective is what its axes say: what the devices of a group have is put together, and each
 * gets what it is to have of that.
 */
public final class Lockstep {
    private final Partition partition;
    private final Mesh mesh;
    private final List<Interpreter> devices;

    /**
     * @param given
     *            whole arrays of the inputs and states of the whole program
     */
    public Lockstep(Partition partition, Map<Value, INDArray> given) {
        this.partition = partition;
        this.mesh = partition.mesh();
        this.devices = IntStream.range(0, mesh.devices()).mapToObj(d -> new Interpreter(partition.sizes(d))).toList();
        given.forEach((value, array) -> {
            for (int d = 0; d < devices.size(); d++) {
                INDArray part = part(array, partition.block(value, d));
                boolean first = mesh.position(d, List.copyOf(partition.sharding(value).partial())) == 0;
                devices.get(d).give(partition.local(value), first ? part : part.mul(0));
            }
        });
    }

    /**
     * Runs every statement on every device.
     *
     * @return outputs of the whole program, and states as they are afterwards, put together from what devices have
     * @throws IllegalStateException
     *             if two devices that should have the same elements have different ones
     */
    public Map<Value, INDArray> run() {
        for (Statement statement : partition.local().statements()) {
            if (statement.operation() instanceof Operation.Collective collective) {
                meet(statement, collective);
            } else {
                devices.forEach(device -> device.run(statement));
            }
        }
        Map<Value, INDArray> results = new LinkedHashMap<>();
        partition.whole().outputs().forEach(value -> results.put(value, assembled(value, partition.local(value))));
        partition.whole().states().forEach(state -> results.put(state, assembled(state,
                partition.local().updates().getOrDefault(partition.local(state), partition.local(state)))));
        return results;
    }

    private void meet(Statement statement, Operation.Collective collective) {
        List<Axis> to = statement.result().axes();
        int[] sizes = to.stream().map(Axis::whole).mapToInt(partition.sizes()::of).toArray();
        Map<List<Integer>, INDArray> wholes = new HashMap<>();
        List<INDArray> made = new ArrayList<>();
        for (int d = 0; d < devices.size(); d++) {
            INDArray whole = wholes.computeIfAbsent(mesh.group(d, collective.over()),
                    group -> together(group, collective, sizes));
            made.add(part(whole, block(d, to, sizes)));
        }
        for (int d = 0; d < devices.size(); d++) {
            devices.get(d).give(statement.result(), made.get(d));
        }
    }

    /** What the devices of a group have of a value, put together. */
    private INDArray together(List<Integer> group, Operation.Collective collective, int[] sizes) {
        INDArray whole = zeros(sizes);
        for (int member : group) {
            INDArray there = devices.get(member).value(collective.operand());
            Block block = block(member, collective.operand().axes(), sizes);
            if (reduces(collective) && member != group.getFirst()) {
                combine(collective.reduction(), whole, block, there);
            } else {
                put(whole, block, there);
            }
        }
        return whole;
    }

    private static boolean reduces(Operation.Collective collective) {
        return switch (collective.exchange()) {
            case ALL_REDUCE, REDUCE_SCATTER -> true;
            case ALL_GATHER, ALL_TO_ALL, PERMUTE -> false;
        };
    }

    private static void combine(Reduction reduction, INDArray whole, Block block, INDArray there) {
        if (block.volume() == 0) {
            return;
        }
        INDArray here = part(whole, block);
        put(whole, block, switch (reduction) {
            case SUM -> here.add(there);
            case PROD -> here.mul(there);
            case MAX -> Transforms.max(here, there, true);
            case MIN -> Transforms.min(here, there, true);
            case MEAN, LOG_SUM_EXP -> throw new IllegalArgumentException("devices cannot finish a " + reduction);
        });
    }

    private Block block(int device, List<Axis> axes, int[] sizes) {
        return Block.of(mesh, device, axes.stream().map(Axis::over).toList(), sizes);
    }

    private INDArray assembled(Value value, Value local) {
        int[] sizes = value.axes().stream().mapToInt(partition.sizes()::of).toArray();
        List<String> partial = List.copyOf(partition.sharding(value).partial());
        INDArray whole = zeros(sizes);
        for (int d = 0; d < devices.size(); d++) {
            put(whole, partition.block(value, d), sum(d, partial, local));
        }
        for (int d = 0; d < devices.size(); d++) {
            if (!part(whole, partition.block(value, d)).equalsWithEps(sum(d, partial, local), 1e-12)) {
                throw new IllegalStateException(
                        "device " + d + " has other elements of " + value + " than its replicas");
            }
        }
        return whole;
    }

    /** What the devices along some mesh axes have together of a value. */
    private INDArray sum(int device, List<String> partial, Value local) {
        return mesh.group(device, partial).stream().map(member -> devices.get(member).value(local))
                .reduce((a, b) -> a.length() == 0 ? a : a.add(b)).orElseThrow();
    }

    private static INDArray zeros(int[] sizes) {
        return sizes.length == 0 ? Nd4j.scalar(0.0) : Nd4j.create(DataType.DOUBLE, longs(sizes));
    }

    private static long[] longs(int[] sizes) {
        return IntStream.of(sizes).asLongStream().toArray();
    }

    /** A copy of what a device has of a whole array. */
    static INDArray part(INDArray whole, Block block) {
        if (block.volume() == 0) {
            return Nd4j.create(DataType.DOUBLE, longs(block.sizes()));
        }
        return Parts.of(whole.castTo(DataType.DOUBLE), block).dup('c').reshape('c', longs(block.sizes()));
    }

    private static void put(INDArray whole, Block block, INDArray part) {
        if (block.volume() > 0) {
            Parts.of(whole, block).assign(part);
        }
    }
}
