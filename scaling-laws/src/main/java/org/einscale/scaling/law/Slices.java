package org.einscale.scaling.law;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Point;

/**
 * A law of several inputs seen along one of them: a curve for each choice of the others.
 *
 * @param axis the input that varies
 * @param others the choices that points have of the other inputs of the law, each once, the smallest first
 */
public record Slices(String axis, List<Point> others) {

    /** Along the size if the law has it, else its first input. */
    public static Slices of(Form form, List<Point> points) {
        List<String> inputs = form.formula().inputs();
        return of(form, points, inputs.contains("n") ? "n" : inputs.getFirst());
    }

    /** Along any input. */
    public static Slices of(Form form, List<Point> points, String axis) {
        List<String> rest = form.formula().inputs().stream().filter(input -> !input.equals(axis)).toList();
        Comparator<Point> order = rest.stream()
                .map(input -> Comparator.<Point>comparingDouble(point -> point.at(input)))
                .reduce(Comparator::thenComparing).orElse((_, _) -> 0);
        return new Slices(axis, points.stream().map(point -> new Point(point.at().entrySet().stream()
                .filter(entry -> rest.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)), Double.NaN)).distinct()
                .sorted(order).toList());
    }

    /** So many of them at most, from the first to the last. */
    public List<Point> spread(int most) {
        int last = others.size() - 1;
        return last < most
                ? others
                : IntStream.range(0, most).mapToObj(i -> others.get(i * last / (most - 1))).toList();
    }

    /** On which of them a point lies; the first where it lies on none. */
    public int indexOf(Point point) {
        return IntStream.range(0, others.size())
                .filter(i -> point.at().entrySet().containsAll(others.get(i).at().entrySet())).findFirst().orElse(0);
    }

    /** A choice as people read it, such as {@code D = 20B}; empty where there are no others. */
    public static String text(Point other) {
        return other.at().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(entry -> Inputs.symbol(entry.getKey()) + " = " + Figures.count(entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
