package org.einscale.einsum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.tensor.Quantity;

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
                    Quantity.count(step.flops()), Quantity.bytes(step.bytesRead()), Quantity.bytes(step.bytesWritten()),
                    step.bytesCopied() == 0 ? "-" : Quantity.bytes(step.bytesCopied())));
        }
        rows.add(List.of("", explanation.slices().isEmpty() ? "total" : "total of all slices", "", "",
                Quantity.count(explanation.flops()), Quantity.bytes(explanation.bytesRead()),
                Quantity.bytes(explanation.bytesWritten()),
                explanation.bytesCopied() == 0 ? "-" : Quantity.bytes(explanation.bytesCopied())));
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
                Quantity.count(explanation.naiveFlops()), saved)
                + String.format(Locale.ROOT, "memory  %s operands and results, %s between them at the peak\n",
                        Quantity.bytes(explanation.bytesGiven()), Quantity.bytes(explanation.bytesBetween()))
                + (explanation.slices().isEmpty()
                        ? ""
                        : "slices  one value of each at a time: " + text(explanation.slices()) + "\n")
                + (explanation.bytesCopied() == 0
                        ? "copies  none\n"
                        : "copies  " + Quantity.bytes(explanation.bytesCopied()) + ", as marked above\n");
    }
}
