package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
 * A value as a rectangle, cut as it is split, with the numbers of the devices that have each part. Rows and columns are the
 * first two axes that are split, or just the first two.
 */
public final class Drawing {
    private static final int MOST = 12;
    private static final int GAP = -1;
    private static final String MORE = "...";

    private final Partition partition;
    private final Value value;
    private final List<Axis> drawn;

    private Drawing(Partition partition, Value value) {
        this.partition = partition;
        this.value = value;
        List<Axis> split = value.axes().stream().filter(axis -> !axis.over().isEmpty()).toList();
        this.drawn = value.axes().size() <= 2
                ? value.axes()
                : Stream.concat(split.stream(), value.axes().stream()).distinct().limit(2)
                        .sorted((a, b) -> Integer.compare(value.axes().indexOf(a), value.axes().indexOf(b))).toList();
    }

    /**
     * Draws a value of a device's program.
     *
     * @param name
     *            as its statements give it, with or without number: out or out#3
     * @throws UserError
     *             if there is no such value
     */
    public static String of(Partition partition, String name) {
        Set<Value> all = new LinkedHashSet<>(partition.values().values());
        all.addAll(partition.local().values());
        return new Drawing(partition,
                all.stream().filter(value -> value.name().equals(name) || value.reference().equals(name)).findFirst()
                        .orElseThrow(() -> unknown(name, all)))
                .draw();
    }

    private static UserError unknown(String name, Set<Value> values) {
        List<String> names = values.stream().map(Value::name).distinct().toList();
        return new UserError("--draw " + name + ": no such value"
                + Nearest.to(name, names).map(near -> ", did you mean " + near + "?").orElse("") + "; there are "
                + names.stream().limit(MOST).collect(Collectors.joining(", ")) + (names.size() > MOST ? ", ..." : ""));
    }

    private String draw() {
        List<List<String>> table = new ArrayList<>();
        List<Integer> rows = positions(0);
        List<Integer> columns = positions(1);
        List<String> heading = new ArrayList<>(List.of(""));
        columns.forEach(column -> heading.add(label(1, column)));
        table.add(heading);
        for (int row : rows) {
            List<String> cells = new ArrayList<>(List.of(label(0, row)));
            columns.forEach(column -> cells.add(row == GAP || column == GAP ? MORE : devices(row, column)));
            table.add(cells);
        }
        return heading() + "\n" + text(table);
    }

    private String heading() {
        Mesh mesh = partition.mesh();
        String shape = value.axes().stream().map(axis -> Integer.toString(whole(axis)))
                .collect(Collectors.joining("x"));
        String partial = partition.values().entrySet().stream().filter(entry -> entry.getValue().equals(value))
                .flatMap(entry -> partition.sharding(entry.getKey()).partial().stream())
                .collect(Collectors.joining("+"));
        String hidden = value.axes().stream().filter(axis -> !drawn.contains(axis) && !axis.over().isEmpty())
                .map(Axis::name).collect(Collectors.joining(", "));
        return value + (shape.isEmpty() ? "" : " of " + shape) + ", device = " + numbers(mesh)
                + (partial.isEmpty() ? "" : ", addends over " + partial)
                + (hidden.isEmpty() ? "" : ", not drawn: " + hidden) + "\n";
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

    private List<Integer> positions(int side) {
        int parts = side < drawn.size() ? partition.mesh().devices(drawn.get(side).over()) : 1;
        return parts <= MOST
                ? IntStream.range(0, parts).boxed().toList()
                : Stream.concat(IntStream.range(0, MOST - 2).boxed(), Stream.of(GAP, parts - 1)).toList();
    }

    /** First and last element of a part. */
    private String label(int side, int position) {
        if (side >= drawn.size()) {
            return "";
        }
        if (position == GAP) {
            return MORE;
        }
        Axis axis = drawn.get(side);
        int parts = partition.mesh().devices(axis.over());
        int start = Block.start(whole(axis), parts, position);
        int end = Block.start(whole(axis), parts, position + 1);
        return axis.base() + " " + (start == end ? "none" : end - start == 1 ? start : start + ".." + (end - 1));
    }

    /** Devices that have a part, those in a row as first and last. */
    private String devices(int row, int column) {
        List<Integer> devices = IntStream.range(0, partition.mesh().devices())
                .filter(device -> at(device, 0, row) && at(device, 1, column)).boxed().toList();
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

    private boolean at(int device, int side, int position) {
        return side >= drawn.size() || partition.mesh().position(device, drawn.get(side).over()) == position;
    }

    private static String text(List<List<String>> table) {
        int[] widths = IntStream.range(0, table.getFirst().size())
                .map(column -> table.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        String line = IntStream.range(1, widths.length).mapToObj(column -> "-".repeat(widths[column] + 2))
                .collect(Collectors.joining("+", " ".repeat(widths[0]) + " +", "+\n"));
        StringBuilder text = new StringBuilder();
        for (List<String> row : table) {
            boolean heading = row.equals(table.getFirst());
            StringBuilder cells = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                cells.append(cell).append(" ".repeat(widths[column] - cell.length() + 1))
                        .append(heading ? "  " : "| ");
            }
            if (!cells.toString().isBlank()) {
                text.append(cells.toString().stripTrailing()).append('\n');
            }
            text.append(line);
        }
        return text.toString();
    }
}
