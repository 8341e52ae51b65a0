package org.einscale.einsum.plan.product;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.program.AxisRoles;
import org.einscale.einsum.program.AxisRoles.Role;
import org.einscale.tensor.Axis;

/**
 * Two operands of a contraction and its result, with the axes of each. Axes of the operands that neither the other operand
 * nor the result has were summed before.
 */
public record Pair(List<Axis> aAxes, Place a, List<Axis> bAxes, Place b, List<Axis> output, Place result) {
    private static final int LEFT = 0;
    private static final int RIGHT = 1;

    public Pair {
        List<Axis> first = aAxes.stream().distinct().toList();
        a = Place.aligned(aAxes, a, first);
        aAxes = first;
        List<Axis> second = bAxes.stream().distinct().toList();
        b = Place.aligned(bAxes, b, second);
        bAxes = second;
    }

    /** What happens along each axis; none is summed within one operand. */
    private AxisRoles roles() {
        return new AxisRoles(List.of(aAxes, bAxes), output);
    }

    public List<Axis> batch() {
        return roles().of(LEFT, Role.BATCH);
    }

    public List<Axis> contracted() {
        return roles().of(LEFT, Role.CONTRACTED);
    }

    /** The same axes as {@link #contracted()} in the order of the right operand. */
    List<Axis> contractedByRight() {
        return roles().of(RIGHT, Role.CONTRACTED);
    }

    public List<Axis> left() {
        return roles().of(LEFT, Role.FREE);
    }

    public List<Axis> right() {
        return roles().of(RIGHT, Role.FREE);
    }

    /** The left operand seen with the given axes: stride 0 along those that it lacks. */
    public Place a(List<Axis> axes) {
        return resized(Place.aligned(aAxes, a, axes), axes);
    }

    public Place b(List<Axis> axes) {
        return resized(Place.aligned(bAxes, b, axes), axes);
    }

    public Place result(List<Axis> axes) {
        return resized(Place.aligned(output, result, axes), axes);
    }

    public long volume(List<Axis> axes) {
        return Place.volume(sizes(axes));
    }

    /** All but where the tensors are: pairs of one form are computed in one way. */
    List<Object> form() {
        return List.of(aAxes, bAxes, output, LongBuffer.wrap(a.sizes()), LongBuffer.wrap(b.sizes()),
                LongBuffer.wrap(a.strides()), LongBuffer.wrap(b.strides()), LongBuffer.wrap(result.strides()));
    }

    /** Points of the index space. */
    public double points() {
        return Stream.concat(aAxes.stream(), right().stream()).mapToDouble(this::size).reduce(1, (x, y) -> x * y);
    }

    public long[] sizes(List<Axis> axes) {
        return axes.stream().mapToLong(this::size).toArray();
    }

    public long size(Axis axis) {
        int at = aAxes.indexOf(axis);
        return at >= 0 ? a.sizes()[at] : b.sizes()[bAxes.indexOf(axis)];
    }

    /** The contraction over a range of an axis, wherever that is. */
    public Pair slice(Axis axis, long start, long size) {
        return new Pair(aAxes, sliced(aAxes, a, axis, start, size), bAxes, sliced(bAxes, b, axis, start, size), output,
                sliced(output, result, axis, start, size));
    }

    private static Place sliced(List<Axis> axes, Place place, Axis axis, long start, long size) {
        return axes.contains(axis) ? place.slice(axes.indexOf(axis), start, size) : place;
    }

    private Place resized(Place place, List<Axis> axes) {
        return new Place(place.buffer(), place.offset(), sizes(axes), place.strides());
    }

    /** The same with the operands in each other's place. */
    public Pair swapped() {
        return new Pair(bAxes, b, aAxes, a, output, result);
    }

    /** The same contraction with the left operand laid out otherwise. */
    Pair withA(List<Axis> axes, UnaryOperator<Place> copy) {
        return new Pair(axes, copy.apply(a(axes)), bAxes, b, output, result);
    }

    Pair withB(List<Axis> axes, UnaryOperator<Place> copy) {
        return new Pair(aAxes, a, axes, copy.apply(b(axes)), output, result);
    }

    Pair withResult(List<Axis> axes, UnaryOperator<Place> place) {
        return new Pair(aAxes, a, bAxes, b, axes, place.apply(result(axes)));
    }

    /**
     * Products of blocks of a contracted axis, side by side along a new first axis of the result.
     *
     * @param start
     *            of the first block
     * @param blocks
     *            their number
     * @param block
     *            length of each
     */
    public Pair cut(Axis axis, long start, long blocks, long block, Place products) {
        Axis fresh = Stream.concat(aAxes.stream(), bAxes.stream()).max(Comparator.naturalOrder())
                .map(last -> new Axis(last.name() + "_")).orElseThrow();
        long[] parts = {blocks, block};
        int inA = aAxes.indexOf(axis);
        int inB = bAxes.indexOf(axis);
        return new Pair(inserted(aAxes, inA, fresh), a.slice(inA, start, blocks * block).split(inA, parts),
                inserted(bAxes, inB, fresh), b.slice(inB, start, blocks * block).split(inB, parts),
                inserted(output, 0, fresh), products);
    }

    private static List<Axis> inserted(List<Axis> axes, int at, Axis axis) {
        List<Axis> more = new ArrayList<>(axes);
        more.add(at, axis);
        return more;
    }
}
