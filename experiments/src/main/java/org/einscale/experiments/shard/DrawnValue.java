package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.UserError;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;

/**
 * A value as a rectangle, cut as it is split. Its rows and columns are the first two axes that are split, or just the first
 * two.
 *
 * @param stage
 *            whose devices have it, if there are several
 * @param drawn
 *            the axis of the rows and that of the columns, as a device has them; fewer of a value that has no two
 */
record DrawnValue(Partition partition, Optional<Integer> stage, Value value, List<Axis> drawn) {
    private static final int MOST = 12;

    /**
     * A value of a device's program.
     *
     * @param stages
     *            what the devices of each run; the first that has such a value counts
     * @param name
     *            as its statements give it, with or without number: out or out#3
     * @throws UserError
     *             if there is no such value
     */
    static DrawnValue of(List<Partition> stages, String name) {
        Set<Value> all = new LinkedHashSet<>();
        for (int stage = 0; stage < stages.size(); stage++) {
            Partition partition = stages.get(stage);
            Set<Value> here = new LinkedHashSet<>(partition.values().values());
            here.addAll(partition.local().values());
            Optional<Value> value = here.stream().filter(v -> v.name().equals(name) || v.reference().equals(name))
                    .findFirst();
            if (value.isPresent()) {
                return of(partition, stages.size() == 1 ? Optional.empty() : Optional.of(stage), value.get());
            }
            all.addAll(here);
        }
        throw unknown(name, all);
    }

    private static DrawnValue of(Partition partition, Optional<Integer> stage, Value value) {
        List<Axis> split = value.axes().stream().filter(axis -> !axis.over().isEmpty()).toList();
        return new DrawnValue(partition, stage, value, value.axes().size() <= 2
                ? value.axes()
                : Stream.concat(split.stream(), value.axes().stream()).distinct().limit(2)
                        .sorted((a, b) -> Integer.compare(value.axes().indexOf(a), value.axes().indexOf(b))).toList());
    }

    private static UserError unknown(String name, Set<Value> values) {
        List<String> names = values.stream().map(Value::name).distinct().toList();
        return new UserError("--draw " + name + ": no such value"
                + Nearest.to(name, names).map(near -> ", did you mean " + near + "?").orElse("") + "; there are "
                + names.stream().limit(MOST).collect(Collectors.joining(", ")) + (names.size() > MOST ? ", ..." : ""));
    }

    /** The value with its sizes, how devices are numbered, and what cannot be seen. */
    String heading() {
        String shape = value.axes().stream().map(axis -> Integer.toString(whole(axis)))
                .collect(Collectors.joining("x"));
        String partial = String.join("+", partial());
        String hidden = value.axes().stream().filter(axis -> !drawn.contains(axis) && !axis.over().isEmpty())
                .map(Axis::name).collect(Collectors.joining(", "));
        return value + (shape.isEmpty() ? "" : " of " + shape) + ", device "
                + stage.map(number -> "of stage " + number + " ").orElse("") + "= " + numbers(partition.mesh())
                + (partial.isEmpty() ? "" : ", addends over " + partial)
                + (hidden.isEmpty() ? "" : ", not drawn: " + hidden);
    }

    /** Mesh axes whose devices have addends of it. */
    List<String> partial() {
        return partition.values().entrySet().stream().filter(entry -> entry.getValue().equals(value))
                .flatMap(entry -> partition.sharding(entry.getKey()).partial().stream()).toList();
    }

    /** Devices that have the same elements of it, and not just addends of them. */
    int replicas() {
        List<String> apart = new ArrayList<>(partial());
        value.axes().forEach(axis -> apart.addAll(axis.over()));
        return partition.mesh().devices() / partition.mesh().devices(apart);
    }

    /** How a device's number follows from where it stands: {@code 2 data + model}. */
    private static String numbers(Mesh mesh) {
        List<String> axes = List.copyOf(mesh.axes().keySet());
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            int stride = mesh.devices(axes.subList(i + 1, axes.size()));
            terms.add((stride == 1 ? "" : stride + " ") + axes.get(i));
        }
        return terms.isEmpty() ? "0" : String.join(" + ", terms);
    }

    private int whole(Axis axis) {
        return partition.sizes().of(axis.whole());
    }

    /** Parts along the rows, side 0, or the columns, side 1. */
    int parts(int side) {
        return side < drawn.size() ? partition.mesh().devices(drawn.get(side).over()) : 1;
    }

    /** Elements along a side; 1 where there is no axis. */
    int size(int side) {
        return side < drawn.size() ? whole(drawn.get(side)) : 1;
    }

    /** First element of a part, and with the number of parts the end of the last. */
    int start(int side, int part) {
        return Block.start(size(side), parts(side), part);
    }

    /** First and last element of a part: {@code i 0..2}. */
    String label(int side, int part) {
        if (side >= drawn.size()) {
            return "";
        }
        int start = start(side, part);
        int end = start(side, part + 1);
        return drawn.get(side).base() + " "
                + (start == end ? "none" : end - start == 1 ? start : start + ".." + (end - 1));
    }

    /** Devices that have what is in a row and in a column. */
    List<Integer> devices(int row, int column) {
        return IntStream.range(0, partition.mesh().devices())
                .filter(device -> at(device, 0, row) && at(device, 1, column)).boxed().toList();
    }

    private boolean at(int device, int side, int part) {
        return side >= drawn.size() || partition.mesh().position(device, drawn.get(side).over()) == part;
    }

    /** Numbers of devices, those in a row as first and last: {@code 0-3 8}. */
    static String runs(List<Integer> devices) {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < devices.size();) {
            int end = i;
            while (end + 1 < devices.size() && devices.get(end + 1) == devices.get(end) + 1) {
                end++;
            }
            runs.add(end > i ? devices.get(i) + "-" + devices.get(end) : devices.get(i).toString());
            i = end + 1;
        }
        return String.join(" ", runs);
    }
}
