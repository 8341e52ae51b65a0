package org.einscale.einsum;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** The axes of a contraction of one or two operands, or of a reduction, by what happens along them. */
record PairAxes(List<List<Axis>> terms, List<Axis> output) {

    /** Those of a statement, if it is one of these. */
    static Optional<PairAxes> of(Statement statement) {
        return switch (statement.operation()) {
            case Operation.Contract contract -> Optional.of(new PairAxes(contract.terms(), contract.output()));
            case Operation.Reduce reduce ->
                Optional.of(new PairAxes(List.of(reduce.operand().axes()), statement.result().axes()));
            case Operation.Map map -> Optional.of(
                    new PairAxes(map.operands().stream().map(Value::axes).toList(), statement.result().axes()));
            default -> Optional.empty();
        };
    }

    /** As a string of the words dialect. */
    String equation() {
        return terms.stream().map(PairAxes::text).collect(Collectors.joining(", ")) + " -> " + text(output);
    }

    /** Names of all axes. */
    List<String> all() {
        Set<Axis> all = new LinkedHashSet<>(output);
        terms.forEach(all::addAll);
        return all.stream().map(Axis::name).toList();
    }

    /** What the index space is, axes of size 1 left out: GEMM, GEMV, outer ... */
    String kind(Sizes sizes) {
        boolean sums = terms.stream().flatMap(List::stream).anyMatch(a -> isLong(a, sizes) && !output.contains(a));
        if (terms.size() != 2) {
            return sums
                    ? "reduction"
                    : terms.size() == 1 && terms.getFirst().size() == output.size() ? "transpose" : "repeat";
        }
        List<Axis> a = terms.get(0);
        List<Axis> b = terms.get(1);
        boolean left = output.stream().anyMatch(x -> isLong(x, sizes) && !b.contains(x));
        boolean right = output.stream().anyMatch(x -> isLong(x, sizes) && !a.contains(x));
        boolean batch = output.stream().anyMatch(x -> isLong(x, sizes) && a.contains(x) && b.contains(x));
        String kind = sums
                ? left && right ? "GEMM" : left || right ? "GEMV" : batch ? "multiply-and-sum" : "dot"
                : left && right ? "outer product" : "product";
        return batch && (left || right) && sums ? "batched " + kind : kind;
    }

    private static boolean isLong(Axis axis, Sizes sizes) {
        return !sizes.has(axis) || sizes.of(axis) != 1;
    }

    private static String text(List<Axis> axes) {
        return axes.isEmpty() ? "1" : axes.stream().map(Axis::name).collect(Collectors.joining(" "));
    }
}
