package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Part;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * An einsum met with shapes, written in ND4J's own operations: along the same path as everything else, each product as one
 * matrix product, batched if both operands and the result share axes.
 */
final class PlainEinsum<T> {
    private final BoundProgram bound;
    private final Program program;
    private final Sizes sizes;
    private final Set<Axis> open;
    private final Operations<T> operations;
    private final Map<Value, T> values = new HashMap<>();

    /**
     * @param open
     *            axes whose sizes in the bound program only stand for what is not known
     */
    PlainEinsum(BoundProgram bound, Set<Axis> open, Operations<T> operations) {
        this.bound = bound;
        this.program = bound.program();
        this.sizes = SizeInference.infer(program, bound.sizes());
        this.open = open;
        this.operations = operations;
    }

    T of(List<T> operands) {
        Value output = program.outputs().getFirst();
        View result = bound.binding().result();
        if (sizes.axes().stream().anyMatch(axis -> sizes.of(axis) == 0) && bound.options().reduction().isEmpty()) {
            // ND4J has neither products over no elements nor arrays without elements in all of its operations.
            return operations.result(operations.zeros(shape(result)));
        }
        for (int i = 0; i < operands.size(); i++) {
            values.put(program.inputs().get(i), taken(operands.get(i), bound.binding().operands().get(i)));
        }
        program.statements().forEach(statement -> values.put(statement.result(), compute(statement)));
        return operations.result(given(value(output), output.axes(), result));
    }

    private T value(Value value) {
        return Objects.requireNonNull(values.get(value), value::toString);
    }

    private Extent extent(Axis axis) {
        return open.contains(axis) ? new Extent(1, List.of(axis)) : new Extent(sizes.of(axis), List.of());
    }

    private List<Extent> extents(List<Axis> axes) {
        return axes.stream().map(this::extent).toList();
    }

    private List<Extent> shape(View view) {
        return view.axes().stream().map(parts -> Extent.product(elementary(parts).map(this::extent))).toList();
    }

    private static Stream<Axis> elementary(List<Part> parts) {
        return parts.stream().flatMap(part -> part.axis().stream());
    }

    private static List<Axis> elementaryOf(View view) {
        return view.axes().stream().flatMap(PlainEinsum::elementary).toList();
    }

    private static boolean composed(View view) {
        return view.axes().stream().anyMatch(parts -> parts.size() != 1 || parts.getFirst().axis().isEmpty());
    }

    /** An operand over its distinct elementary axes. */
    private T taken(T array, View view) {
        List<Axis> axes = elementaryOf(view);
        T x = composed(view) ? operations.reshape(array, extents(axes)) : array;
        while (axes.stream().distinct().count() < axes.size()) {
            List<Axis> now = axes;
            Axis twice = now.stream().filter(axis -> Collections.frequency(now, axis) > 1).findFirst().orElseThrow();
            List<Integer> order = new ArrayList<>(IntStream.range(0, axes.size()).boxed().toList());
            int first = axes.indexOf(twice);
            int last = axes.lastIndexOf(twice);
            order.remove(Integer.valueOf(first));
            order.remove(Integer.valueOf(last));
            order.add(first);
            order.add(last);
            x = permute(x, order);
            List<Axis> moved = order.stream().map(now::get).toList();
            x = operations.reduce(Reduction.SUM, operations.multiply(x, identity(twice)), extents(moved),
                    new int[]{axes.size() - 1});
            axes = moved.subList(0, moved.size() - 1);
        }
        return permute(x, axes, view.distinct());
    }

    /** The matrix that marks a diagonal. */
    private T identity(Axis axis) {
        if (open.contains(axis)) {
            throw new IllegalArgumentException("einsum \"" + bound.binding().equation()
                    + "\": the diagonal along axis '"
                    + axis + "' needs its size; expected a placeholder that tells it, or with(\"" + axis + "\", n)");
        }
        return operations.identity(sizes.of(axis));
    }

    /** A result as the equation writes it: diagonals spread out, parts composed. */
    private T given(T result, List<Axis> axes, View view) {
        T x = result;
        List<Axis> have = new ArrayList<>(axes);
        List<Axis> wanted = elementaryOf(view);
        for (Axis axis : axes) {
            for (int more = Collections.frequency(wanted, axis); more > 1; more--) {
                List<Integer> order = new ArrayList<>(IntStream.range(0, have.size()).boxed().toList());
                order.remove(Integer.valueOf(have.indexOf(axis)));
                order.add(have.indexOf(axis));
                x = permute(x, order);
                List<Axis> before = List.copyOf(have);
                have = new ArrayList<>(order.stream().map(before::get).toList());
                List<Extent> column = new ArrayList<>(extents(have));
                column.add(Extent.ONE);
                x = operations.multiply(operations.reshape(x, column), identity(axis));
                have.add(axis);
            }
        }
        x = permute(x, places(have, wanted));
        return composed(view) ? operations.reshape(x, shape(view)) : x;
    }

    /** Where each of the wanted axes stands, those that are there several times in turn. */
    private static List<Integer> places(List<Axis> have, List<Axis> wanted) {
        List<Integer> places = new ArrayList<>();
        for (Axis axis : wanted) {
            places.add(IntStream.range(0, have.size()).filter(i -> have.get(i).equals(axis) && !places.contains(i))
                    .findFirst().orElseThrow());
        }
        return places;
    }

    private T permute(T x, List<Axis> have, List<Axis> wanted) {
        return permute(x, wanted.stream().map(have::indexOf).toList());
    }

    private T permute(T x, List<Integer> order) {
        boolean same = IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
        return same ? x : operations.permute(x, order.stream().mapToInt(i -> i).toArray());
    }

    private T compute(Statement statement) {
        List<Axis> result = statement.result().axes();
        return switch (statement.operation()) {
            case Operation.Contract contract -> contract(contract);
            case Operation.Reduce(Reduction reduction, Value x) -> reduce(reduction, value(x), x.axes(), result);
            // The only map of an einsum repeats its operand.
            case Operation.Map map ->
                repeat(value(map.operands().getFirst()), map.operands().getFirst().axes(), result);
            default -> throw new IllegalStateException(statement.toString());
        };
    }

    private T reduce(Reduction reduction, T x, List<Axis> axes, List<Axis> kept) {
        int[] away = IntStream.range(0, axes.size()).filter(i -> !kept.contains(axes.get(i))).toArray();
        List<Axis> left = axes.stream().filter(kept::contains).toList();
        return permute(away.length == 0 ? x : operations.reduce(reduction, x, extents(axes), away), left, kept);
    }

    private T repeat(T x, List<Axis> axes, List<Axis> result) {
        List<Axis> known = result.stream().filter(axes::contains).toList();
        T ordered = permute(x, axes, known);
        int[] times = result.stream().mapToInt(axis -> axes.contains(axis) ? 1 : sizes.of(axis)).toArray();
        List<Extent> shape = result.stream().map(axis -> axes.contains(axis) ? extent(axis) : Extent.ONE).toList();
        return operations.tile(operations.reshape(ordered, shape), times);
    }

    private T contract(Operation.Contract contract) {
        if (contract.semiring() != Semiring.SUM_PRODUCT) {
            throw new IllegalArgumentException("einsum \"" + bound.binding().equation() + "\": ND4J's products add and"
                    + " multiply; found the semiring " + contract.semiring().name());
        }
        T left = value(contract.operands().getFirst());
        if (contract.operands().size() == 1) {
            return reduce(Reduction.SUM, left, contract.terms().getFirst(), contract.output());
        }
        T right = value(contract.operands().get(1));
        Map<Axis, Axis> names = contract.names();
        UnaryOperator<Axis> program = name -> Objects.requireNonNull(names.get(name));
        Product product = Product.best(contract, name -> sizes.of(program.apply(name)));
        return product.swapped()
                ? multiply(product, right, left, program)
                : multiply(product, left, right, program);
    }

    /** The product of two operands, whose axes it calls by names of its own. */
    private T multiply(Product product, T left, T right, UnaryOperator<Axis> program) {
        T x = permute(left, product.from(0), product.to(0));
        T y = permute(right, product.from(1), product.to(1));
        List<Axis> batch = product.batch();
        T made;
        if (product.elementwise()) {
            made = operations.multiply(aligned(x, product, 0, program), aligned(y, product, 1, program));
            int[] summed = IntStream.range(0, product.summed().size())
                    .map(i -> batch.size() + product.rows().size() + product.columns().size() + i).toArray();
            made = summed.length == 0
                    ? made
                    : operations.reduce(Reduction.SUM, made,
                            extents(product.all(), program), summed);
        } else {
            T matrices = operations.matmul(matrix(x, product, 0, program), product.transposed(0),
                    matrix(y, product, 1, program), product.transposed(1));
            made = reshape(matrices, matrices(product, product.rows(), product.columns(), program),
                    extents(product.made(), program));
        }
        return permute(made, product.made(), product.output());
    }

    private T matrix(T x, Product product, int side, UnaryOperator<Axis> program) {
        List<Axis> outer = side == 0 ? product.rows() : product.columns();
        boolean outerFirst = (side == 0) != product.transposed(side);
        return reshape(x, extents(product.to(side), program), matrices(product,
                outerFirst ? outer : product.summed(), outerFirst ? product.summed() : outer, program));
    }

    /**
     * The shape of a matrix, or of many if there are axes along which they lie. Where a product of matrices is a single number,
     * a graph's gradient of it is wrong, or fails; that of many products is right. So what may be one number has an axis of 1
     * along which it lies.
     */
    private List<Extent> matrices(Product product, List<Axis> rows, List<Axis> columns, UnaryOperator<Axis> program) {
        List<Axis> batch = product.batch();
        boolean mayBeOne = Stream.of(product.rows(), product.columns())
                .map(several -> product(several, program)).allMatch(extent -> extent.known() == 1);
        Stream<List<Axis>> axes = batch.isEmpty() && !mayBeOne
                ? Stream.of(rows, columns)
                : Stream.of(batch, rows, columns);
        return axes.map(several -> product(several, program)).toList();
    }

    private Extent product(List<Axis> names, UnaryOperator<Axis> program) {
        return Extent.product(extents(names, program).stream());
    }

    /** An operand over all axes of the product, with size 1 along those that it lacks. */
    private T aligned(T x, Product product, int side, UnaryOperator<Axis> program) {
        return reshape(x, extents(product.to(side), program),
                product.aligned(side, name -> extent(program.apply(name))));
    }

    private List<Extent> extents(List<Axis> names, UnaryOperator<Axis> program) {
        return names.stream().map(name -> extent(program.apply(name))).toList();
    }

    private T reshape(T x, List<Extent> have, List<Extent> wanted) {
        return have.equals(wanted) ? x : operations.reshape(x, wanted);
    }
}
