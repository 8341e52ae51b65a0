package org.einscale.experiments.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.tensor.Quantity;

/** A {@link StepReport} as text: numbers in columns in front, statements behind them however long they are. */
public record StepTable(StepReport report) {
    private static final List<String> NO_NUMBERS = List.of("", "", "", "");
    private static final List<String> NOT_COUNTED = List.of("-", "-", "-", "");

    /** Numbers in columns, and the text behind them. */
    private record Row(List<String> cells, String text) {
        static Row of(double flops, double read, double written, String shape, String text) {
            return new Row(List.of(Quantity.count(flops), Quantity.bytes(read), Quantity.bytes(written), shape), text);
        }
    }

    @Override
    public String toString() {
        boolean plan = report.after().equals(StepExplanation.PLAN);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(List.of("FLOPs", "read", "written", plan ? "" : "shape"), plan ? "call" : "statement"));
        for (StepReport.Block block : report.blocks()) {
            if (plan) {
                addCalls(rows, block);
            } else {
                addStatements(rows, block);
            }
        }
        rows.add(new Row(NO_NUMBERS, ""));
        rows.add(Row.of(report.flops(), report.bytesRead(), report.bytesWritten(), "", "total" + share()));
        return heading() + "\n" + aligned(rows) + "memory  " + Quantity.bytes(report.planBytes())
                + " for the plan of the whole step\n";
    }

    private String heading() {
        String stage = switch (report.after()) {
            case StepExplanation.NONE -> "as written";
            case StepExplanation.PLAN -> "as planned";
            default -> "after " + report.after();
        };
        return report.experiment() + ": a training step " + stage + "\n" + report.sizes().entrySet().stream()
                .map(size -> size.getKey() + "=" + size.getValue()).collect(Collectors.joining(" ")) + "\n";
    }

    private String share() {
        return report.layer().isEmpty()
                ? ""
                : String.format(Locale.ROOT, " of %s, of %s FLOPs of the whole step", report.layer(),
                        Quantity.count(report.stepFlops()));
    }

    private static void addStatements(List<Row> rows, StepReport.Block block) {
        if (block.together()) {
            rows.add(new Row(NO_NUMBERS, "together {"));
        }
        for (StepReport.Line line : block.statements()) {
            String shape = line.shape().stream().map(String::valueOf).collect(Collectors.joining("x"));
            rows.add(Row.of(line.flops(), line.bytesRead(), line.bytesWritten(), shape,
                    (block.together() ? "  " : "") + line.text()));
        }
        if (block.together()) {
            rows.add(new Row(NO_NUMBERS, "}"));
        }
    }

    private static void addCalls(List<Row> rows, StepReport.Block block) {
        block.statements().forEach(line -> rows.add(new Row(NO_NUMBERS, line.text())));
        for (StepReport.Call call : block.calls()) {
            boolean counted = call.flops() + call.bytesRead() + call.bytesWritten() > 0;
            rows.add(counted
                    ? Row.of(call.flops(), call.bytesRead(), call.bytesWritten(), "", "  " + call.text())
                    : new Row(NOT_COUNTED, "  " + call.text()));
        }
    }

    private static String aligned(List<Row> rows) {
        int[] widths = IntStream.range(0, NO_NUMBERS.size())
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
