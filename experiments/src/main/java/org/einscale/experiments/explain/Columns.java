package org.einscale.experiments.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Lines of text: in front numbers in columns, aligned to the right, and behind them words however long they are. */
public final class Columns {
    private final int count;
    private final List<Row> rows = new ArrayList<>();

    private record Row(List<String> cells, String text) {}

    /** Begins with a line of headings; a column that has nothing but empty cells is left out. */
    public Columns(List<String> headings, String text) {
        this.count = headings.size();
        add(headings, text);
    }

    /** A line with a cell in each column. */
    public void add(List<String> cells, String text) {
        rows.add(new Row(cells, text));
    }

    /** A line of words alone; an empty one for a gap. */
    public void add(String text) {
        add(Collections.nCopies(count, ""), text);
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, count)
                .map(column -> rows.stream().mapToInt(row -> row.cells().get(column).length()).max().orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                if (widths[column] > 0) {
                    String cell = row.cells().get(column);
                    line.append(" ".repeat(widths[column] - cell.length())).append(cell).append("  ");
                }
            }
            text.append(line.append(row.text()).toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
