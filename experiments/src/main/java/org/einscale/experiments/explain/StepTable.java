package org.einscale.experiments.explain;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.einscale.tensor.Quantity;

/** A {@link StepReport} as text: numbers in columns in front, statements behind them however long they are. */
public record StepTable(StepReport report) {
    private static final List<String> NOT_COUNTED = List.of("-", "-", "-", "");

    @Override
    public String toString() {
        boolean plan = report.after().equals(StepExplanation.PLAN);
        Columns rows = new Columns(List.of("FLOPs", "read", "written", plan ? "" : "shape"),
                plan ? "call" : "statement");
        for (StepReport.Block block : report.blocks()) {
            if (plan) {
                addCalls(rows, block);
            } else {
                addStatements(rows, block);
            }
        }
        rows.add("");
        rows.add(cells(report.flops(), report.bytesRead(), report.bytesWritten(), ""), "total" + share());
        return heading() + "\n" + rows + "memory  " + Quantity.bytes(report.planBytes())
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

    private static void addStatements(Columns rows, StepReport.Block block) {
        if (block.together()) {
            rows.add("together {");
        }
        for (StepReport.Line line : block.statements()) {
            String shape = line.shape().stream().map(String::valueOf).collect(Collectors.joining("x"));
            rows.add(cells(line.flops(), line.bytesRead(), line.bytesWritten(), shape),
                    (block.together() ? "  " : "") + line.text());
        }
        if (block.together()) {
            rows.add("}");
        }
    }

    private static void addCalls(Columns rows, StepReport.Block block) {
        block.statements().forEach(line -> rows.add(line.text()));
        for (StepReport.Call call : block.calls()) {
            boolean counted = call.flops() + call.bytesRead() + call.bytesWritten() > 0;
            rows.add(counted ? cells(call.flops(), call.bytesRead(), call.bytesWritten(), "") : NOT_COUNTED,
                    "  " + call.text());
        }
    }

    private static List<String> cells(double flops, double read, double written, String shape) {
        return List.of(Quantity.count(flops), Quantity.bytes(read), Quantity.bytes(written), shape);
    }
}
