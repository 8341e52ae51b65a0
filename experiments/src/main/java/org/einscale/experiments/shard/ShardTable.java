package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.explain.Columns;
import org.einscale.tensor.Quantity;

/** A {@link ShardReport} as text. */
public final class ShardTable {
    /** Seconds below which a difference stands for an order of preference and not for time. */
    private static final double TIE = 1e-7;

    private ShardTable() {
    }

    /**
     * The statements of a device, with what they cost it.
     *
     * @param report
     *            that has statements
     * @param reasons
     *            whether to say below a collective why it is there, and what memory results take
     */
    public static String statements(ShardReport report, boolean reasons) {
        Columns rows = new Columns(List.of("shape", "FLOPs", reasons ? "memory" : "", "sent"), "statement");
        for (ShardReport.Line line : report.statements()) {
            String shape = line.shape().stream().map(String::valueOf).collect(Collectors.joining("x"));
            rows.add(List.of(shape, Quantity.count(line.flops()), reasons ? Quantity.bytes(line.bytes()) : "",
                    line.sent() == 0 ? "" : Quantity.bytes(line.sent())), line.text());
            if (reasons && !line.reason().isEmpty()) {
                rows.add("  because " + line.reason());
            }
            if (reasons && !line.rejected().isEmpty()) {
                rows.add("  shared by " + line.along() + ", not by "
                        + line.rejected().stream().map(ShardTable::rejected).collect(Collectors.joining(", nor by ")));
            }
        }
        rows.add("");
        rows.add(List.of("", Quantity.count(report.statements().stream().mapToDouble(ShardReport.Line::flops).sum()),
                "", Quantity.bytes(report.bytes())), "total of a device");
        return rows.toString();
    }

    /** A way that was not taken, with what it would take more or less: {@code h=model (20.1 us more: 256 B more, 1 round more)}. */
    private static String rejected(ShardReport.Rejected way) {
        String parts = Stream.of(more(way.flops(), Quantity::count, "FLOPs"), more(way.bytes(), Quantity::bytes, ""),
                more(way.rounds(), Quantity::count, Math.abs(way.rounds()) == 1 ? "round" : "rounds"))
                .filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
        String time = way.seconds() < TIE
                ? "as fast"
                : String.format(Locale.ROOT, "%.3g us more", way.seconds() * 1e6);
        return way.along() + " (" + time + (parts.isEmpty() ? "" : ": " + parts) + ")";
    }

    private static String more(double more, DoubleFunction<String> reading, String unit) {
        return Math.round(more) == 0
                ? ""
                : String.join(" ", Stream.of(reading.apply(Math.abs(more)), unit, more > 0 ? "more" : "less")
                        .filter(word -> !word.isEmpty()).toList());
    }

    /** What a training step sends by kind and by rule, and what a device does and has beside one that is alone. */
    public static String totals(ShardReport report, ShardReport.Step step) {
        return sums(report.collectives(), "collective", sent -> sent.op() + " over " + String.join("+", sent.over()))
                + "\n" + sums(report.collectives(), "mesh axis", sent -> String.join("+", sent.over())) + "\n"
                + sums(report.collectives(), "asked for by",
                        sent -> sent.asker() + (sent.remedy().isEmpty() ? "" : ", which is implicit"))
                + String.format(Locale.ROOT,
                        "\npredicted: %.3g ms a step, %d rounds in which a device waits for others\n\n",
                        step.seconds() * 1e3, step.rounds())
                + loads(step);
    }

    private static String sums(List<ShardReport.Sent> collectives, String heading,
            Function<ShardReport.Sent, String> key) {
        Map<String, List<ShardReport.Sent>> groups = collectives.stream()
                .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
        Columns rows = new Columns(List.of("count", "sent"), heading);
        List<Map.Entry<String, List<ShardReport.Sent>>> largest = new ArrayList<>(groups.entrySet());
        largest.sort((a, b) -> Long.compare(bytes(b.getValue()), bytes(a.getValue())));
        largest.forEach(group -> rows.add(cells(group.getValue()), group.getKey()));
        rows.add(cells(collectives), "total");
        return rows.toString();
    }

    private static List<String> cells(List<ShardReport.Sent> collectives) {
        return List.of(Integer.toString(collectives.size()), Quantity.bytes(bytes(collectives)));
    }

    private static long bytes(List<ShardReport.Sent> collectives) {
        return collectives.stream().mapToLong(ShardReport.Sent::bytes).sum();
    }

    private static String loads(ShardReport.Step step) {
        Columns rows = new Columns(List.of("FLOPs", "parameters", "optimizer", "memory"), "");
        load(step.device(), "a device of the mesh", rows);
        load(step.alone(), "one device alone", rows);
        return rows.toString();
    }

    private static void load(ShardReport.Load load, String who, Columns rows) {
        rows.add(List.of(Quantity.count(load.flops()), Quantity.bytes(load.parameterBytes()),
                Quantity.bytes(load.optimizerBytes()), Quantity.bytes(load.memoryBytes())), who);
    }
}
