package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.sharding.partition.Partition;

/** A value in characters, with the numbers of the devices that have each part. */
public final class Drawing {
    private static final int MOST = 12;
    private static final int GAP = -1;
    private static final String MORE = "...";

    private final DrawnValue value;

    private Drawing(DrawnValue value) {
        this.value = value;
    }

    /**
     * Draws a value of a device's program.
     *
     * @param stages
     *            what the devices of each run
     * @param name
     *            as its statements give it, with or without number: out or out#3
     * @throws org.einscale.experiments.UserError
     *             if there is no such value
     */
    public static String of(List<Partition> stages, String name) {
        return new Drawing(DrawnValue.of(stages, name)).draw();
    }

    private String draw() {
        List<List<String>> table = new ArrayList<>();
        List<Integer> rows = parts(0);
        List<Integer> columns = parts(1);
        List<String> heading = new ArrayList<>(List.of(""));
        columns.forEach(column -> heading.add(label(1, column)));
        table.add(heading);
        for (int row : rows) {
            List<String> cells = new ArrayList<>(List.of(label(0, row)));
            columns.forEach(column -> cells.add(
                    row == GAP || column == GAP ? MORE : DrawnValue.runs(value.devices(row, column))));
            table.add(cells);
        }
        return value.heading() + "\n\n" + text(table);
    }

    private List<Integer> parts(int side) {
        int parts = value.parts(side);
        return parts <= MOST
                ? IntStream.range(0, parts).boxed().toList()
                : Stream.concat(IntStream.range(0, MOST - 2).boxed(), Stream.of(GAP, parts - 1)).toList();
    }

    private String label(int side, int part) {
        return part == GAP ? MORE : value.label(side, part);
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
