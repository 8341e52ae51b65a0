package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Axis;

/** As text, a line each. */
final class WrittenOperations implements Operations<WrittenOperations.Tensor> {
    private final List<Line> lines = new ArrayList<>();

    /** What stands for an array. */
    record Tensor(String name, List<Extent> shape) {}

    /** One operation: what it makes, and of which shape. */
    record Line(String result, String call, List<Extent> shape) {}

    /** An operand. */
    Tensor given(String name, View view, Set<Axis> open) {
        return new Tensor(name, view.axes().stream().map(parts -> Extent.product(parts.stream()
                .map(part -> part.axis().filter(open::contains).map(axis -> new Extent(1, List.of(axis)))
                        .orElse(new Extent(part.size(), List.of())))))
                .toList());
    }

    /** A line for each operation, with the shape that it makes in front. */
    @Override
    public String toString() {
        int width = lines.stream().mapToInt(line -> text(line.shape).length()).max().orElse(0);
        return lines.stream()
                .map(line -> " ".repeat(width - text(line.shape).length()) + text(line.shape) + "  " + line.result
                        + " = " + line.call + "\n")
                .collect(Collectors.joining());
    }

    private Tensor write(String call, List<Extent> shape) {
        Tensor made = new Tensor("t" + (lines.size() + 1), shape);
        lines.add(new Line(made.name, call, shape));
        return made;
    }

    static String text(List<Extent> shape) {
        return shape.stream().map(Extent::toString).collect(Collectors.joining(", "));
    }

    private static String list(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    @Override
    public Tensor permute(Tensor x, int[] order) {
        return write("permute(" + x.name + ", " + list(order) + ")",
                Arrays.stream(order).mapToObj(x.shape::get).toList());
    }

    @Override
    public Tensor reshape(Tensor x, List<Extent> shape) {
        return write("reshape(" + x.name + ", " + text(shape) + ")", shape);
    }

    @Override
    public Tensor multiply(Tensor x, Tensor y) {
        List<Extent> longer = x.shape.size() < y.shape.size() ? y.shape : x.shape;
        List<Extent> shorter = x.shape.size() < y.shape.size() ? x.shape : y.shape;
        int ahead = longer.size() - shorter.size();
        return write("mul(" + x.name + ", " + y.name + ")", IntStream.range(0, longer.size())
                .mapToObj(i -> i >= ahead && longer.get(i).equals(Extent.ONE) ? shorter.get(i - ahead) : longer.get(i))
                .toList());
    }

    @Override
    public Tensor matmul(Tensor x, boolean transposeX, Tensor y, boolean transposeY) {
        int rank = x.shape.size();
        List<Extent> shape = new ArrayList<>(x.shape.subList(0, rank - 2));
        shape.add(x.shape.get(transposeX ? rank - 1 : rank - 2));
        shape.add(y.shape.get(transposeY ? rank - 2 : rank - 1));
        return write("mmul(" + x.name + (transposeX ? "^T" : "") + ", " + y.name + (transposeY ? "^T" : "") + ")",
                shape);
    }

    @Override
    public Tensor reduce(Reduction reduction, Tensor x, List<Extent> shape, int[] axes) {
        return write(
                reduction.name().toLowerCase(Locale.ROOT).replace("_", "") + "(" + x.name + ", " + list(axes) + ")",
                IntStream.range(0, x.shape.size()).filter(i -> Arrays.stream(axes).noneMatch(axis -> axis == i))
                        .mapToObj(x.shape::get).toList());
    }

    @Override
    public Tensor identity(long size) {
        Extent extent = new Extent(size, List.of());
        return write("eye(" + size + ")", List.of(extent, extent));
    }

    @Override
    public Tensor tile(Tensor x, int[] times) {
        return times.length == 0
                ? x
                : write("tile(" + x.name + ", " + list(times) + ")", IntStream.range(0, times.length)
                        .mapToObj(i -> x.shape.get(i).times(new Extent(times[i], List.of()))).toList());
    }

    @Override
    public Tensor zeros(List<Extent> shape) {
        return write("zeros(" + text(shape) + ")", shape);
    }

    @Override
    public Tensor result(Tensor x) {
        return x;
    }
}
