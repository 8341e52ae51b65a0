package org.einscale.einsum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An {@link Explanation} as text: columns as wide as they need to be, numbers to the right. */
record ExplanationTable(Explanation explanation) {
    private static final List<String> HEAD = List.of("", "contraction", "class", "call", "FLOPs", "read", "written",
            "copied");
    private static final int FIRST_NUMBER = 4;

    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (int i = 0; i < explanation.steps().size(); i++) {
            Explanation.Step step = explanation.steps().get(i);
            rows.add(List.of(Integer.toString(i + 1), step.contraction(), step.kind(), step.call(),
                    count(step.flops()), bytes(step.bytesRead()), bytes(step.bytesWritten()),
                    step.bytesCopied() == 0 ? "-" : bytes(step.bytesCopied())));
        }
        rows.add(List.of("", explanation.slices().isEmpty() ? "total" : "total of all slices", "", "",
                count(explanation.flops()), bytes(explanation.bytesRead()),
                bytes(explanation.bytesWritten()),
                explanation.bytesCopied() == 0 ? "-" : bytes(explanation.bytesCopied())));
        String sizes = text(explanation.sizes());
        return explanation.equation() + "\n" + (sizes.isEmpty() ? "" : sizes + "\n") + "\n" + aligned(rows) + "\n"
                + summary();
    }

    private static String text(Map<String, Integer> sizes) {
        return sizes.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(" "));
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            String line = IntStream.range(0, row.size()).mapToObj(
                    i -> String.format(Locale.ROOT,
                            i >= FIRST_NUMBER ? "%" + widths[i] + "s" : "%-" + Math.max(1, widths[i]) + "s",
                            row.get(i)))
                    .collect(Collectors.joining("  "));
            text.append(line.stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private String summary() {
        double saved = explanation.flops() > 0 ? explanation.naiveFlops() / explanation.flops() : 1;
        return String.format(Locale.ROOT, "naively %s FLOPs in one loop nest: %.3g times as many\n",
                count(explanation.naiveFlops()), saved)
                + String.format(Locale.ROOT, "memory  %s operands and results, %s between them at the peak\n",
                        bytes(explanation.bytesGiven()), bytes(explanation.bytesBetween()))
                + (explanation.slices().isEmpty()
                        ? ""
                        : "slices  one value of each at a time: " + text(explanation.slices()) + "\n")
                + (explanation.bytesCopied() == 0
                        ? "copies  none\n"
                        : "copies  " + bytes(explanation.bytesCopied()) + ", as marked above\n");
    }

    private static String count(double value) {
        return scaled(value, 1000, List.of("", " k", " M", " G", " T", " P", " E"));
    }

    private static String bytes(double value) {
        return scaled(value, 1024, List.of(" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"));
    }

    private static String scaled(double value, double unit, List<String> names) {
        double rest = value;
        int power = 0;
        while (rest >= unit && power < names.size() - 1) {
            rest /= unit;
            power++;
        }
        return (power == 0 ? Long.toString(Math.round(rest)) : String.format(Locale.ROOT, "%.3g", rest))
                + names.get(power);
    }
}
