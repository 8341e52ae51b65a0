package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.einscale.einsum.program.AxisRoles;
import org.einscale.einsum.program.AxisRoles.Role;
import org.einscale.einsum.program.Operation;
import org.einscale.tensor.Axis;

/**
 * How a contraction of two operands becomes one matrix product: in which order each has its axes, so that the fewest elements
 * are copied into another order.
 *
 * @param swapped
 *            whether the second operand stands on the left
 * @param terms
 *            axes of the left and of the right operand, as they are
 * @param batch
 *            axes of both and of the result
 * @param rows
 *            axes of the left operand and of the result
 * @param columns
 *            axes of the right operand and of the result
 * @param summed
 *            axes of both alone
 * @param transposed
 *            of the left and of the right matrix, whether it lies the other way round
 * @param output
 *            axes of the result, as they are wanted
 */
record Product(boolean swapped, List<List<Axis>> terms, List<Axis> batch, List<Axis> rows, List<Axis> columns,
        List<Axis> summed, List<Boolean> transposed, List<Axis> output) {

    private static final List<List<Boolean>> WAYS = List.of(List.of(false, false), List.of(false, true),
            List.of(true, false), List.of(true, true));

    Product {
        terms = List.copyOf(terms);
        transposed = List.copyOf(transposed);
    }

    /**
     * The way that copies least.
     *
     * @param size
     *            of an axis, by the contraction's own names
     */
    static Product best(Operation.Contract contract, ToDoubleFunction<Axis> size) {
        AxisRoles roles = contract.roles();
        List<Product> all = new ArrayList<>();
        for (boolean swapped : new boolean[]{false, true}) {
            List<Axis> left = contract.terms().get(swapped ? 1 : 0);
            List<Axis> right = contract.terms().get(swapped ? 0 : 1);
            List<Axis> output = contract.output();
            for (List<Axis> batch : orders(roles, Role.BATCH, output, left, right)) {
                for (List<Axis> rows : orders(roles, Role.FREE, without(output, right), without(left, right))) {
                    for (List<Axis> columns : orders(roles, Role.FREE, without(output, left), without(right, left))) {
                        for (List<Axis> summed : orders(roles, Role.CONTRACTED, left, right)) {
                            for (List<Boolean> transposed : elementwise(batch, rows, columns, summed)
                                    ? List.of(List.of(false, true))
                                    : WAYS) {
                                all.add(new Product(swapped, List.of(left, right), batch, rows, columns, summed,
                                        transposed, output));
                            }
                        }
                    }
                }
            }
        }
        return all.stream().min(Comparator.comparingDouble((Product product) -> product.copied(size))
                .thenComparingInt(Product::scattered)).orElseThrow();
    }

    /** Orders of the axes of a role that occur somewhere. */
    @SafeVarargs
    private static List<List<Axis>> orders(AxisRoles roles, Role role, List<Axis>... lists) {
        return Stream.of(lists).map(list -> list.stream().filter(axis -> roles.of(axis) == role).toList()).distinct()
                .toList();
    }

    private static List<Axis> without(List<Axis> axes, Collection<Axis> others) {
        return axes.stream().filter(axis -> !others.contains(axis)).toList();
    }

    @SafeVarargs
    private static List<Axis> joined(List<Axis>... lists) {
        return Stream.of(lists).flatMap(List::stream).toList();
    }

    /** Axes of an operand as they are; of the left one with 0. */
    List<Axis> from(int side) {
        return terms.get(side);
    }

    /** As they are to be for the product. */
    List<Axis> to(int side) {
        List<Axis> own = side == 0 ? rows : columns;
        return (side == 0) != transposed(side) ? joined(batch, own, summed) : joined(batch, summed, own);
    }

    boolean transposed(int side) {
        return transposed.get(side);
    }

    /** Axes of what comes out. */
    List<Axis> made() {
        return joined(batch, rows, columns);
    }

    /** All axes. */
    List<Axis> all() {
        return joined(batch, rows, columns, summed);
    }

    /** Whether it is multiplied element by element, and summed then: where no matrix has rows and columns. */
    boolean elementwise() {
        return elementwise(batch, rows, columns, summed);
    }

    private static boolean elementwise(List<Axis> batch, List<Axis> rows, List<Axis> columns, List<Axis> summed) {
        return summed.isEmpty() || rows.isEmpty() && columns.isEmpty() && !batch.isEmpty();
    }

    /** The shape of an operand of a product element by element, over all axes, 1 for those that it lacks. */
    List<Extent> aligned(int side, Function<Axis, Extent> extent) {
        List<Axis> lacks = side == 0 ? columns : rows;
        return all().stream().map(axis -> lacks.contains(axis) ? Extent.ONE : extent.apply(axis))
                .toList();
    }

    /** Elements that are copied into another order. */
    private double copied(ToDoubleFunction<Axis> size) {
        double copied = made().equals(output) ? 0 : volume(output, size);
        for (int side = 0; side < 2; side++) {
            copied += from(side).equals(to(side)) ? 0 : volume(from(side), size);
        }
        return copied;
    }

    /** Operands that are copied element by element, as another axis becomes their last. */
    private int scattered() {
        int scattered = 0;
        for (int side = 0; side < 2; side++) {
            scattered += !from(side).isEmpty() && !from(side).getLast().equals(to(side).getLast()) ? 1 : 0;
        }
        return scattered;
    }

    private static double volume(List<Axis> axes, ToDoubleFunction<Axis> size) {
        return axes.stream().mapToDouble(size).reduce(1, (x, y) -> x * y);
    }
}
