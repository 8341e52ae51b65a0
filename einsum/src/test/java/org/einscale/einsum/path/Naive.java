package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** Contractions of small networks by loops, tensors being maps from the values of the axes to numbers. */
final class Naive {
    private final Sizes sizes;

    Naive(Sizes sizes) {
        this.sizes = sizes;
    }

    record Tensor(Set<Axis> axes, Map<Map<Axis, Integer>, Double> values) {

        /** The part of it at some values of axes. */
        Tensor at(Map<Axis, Integer> place) {
            Set<Axis> rest = new HashSet<>(axes);
            rest.removeAll(place.keySet());
            Map<Map<Axis, Integer>, Double> part = new HashMap<>();
            values.forEach((point, value) -> {
                if (place.entrySet().stream()
                        .allMatch(entry -> point.getOrDefault(entry.getKey(), entry.getValue())
                                .equals(entry.getValue()))) {
                    part.put(restricted(point, rest), value);
                }
            });
            return new Tensor(rest, part);
        }
    }

    /** Whole numbers, so that sums are exact in any order. */
    List<Tensor> operands(Network network) {
        List<Tensor> tensors = new ArrayList<>();
        int next = 1;
        for (Set<Axis> axes : network.operands()) {
            Map<Map<Axis, Integer>, Double> values = new HashMap<>();
            for (Map<Axis, Integer> point : points(axes)) {
                next = next * 31 % 101;
                values.put(point, (double) (next % 7 - 3));
            }
            tensors.add(new Tensor(axes, values));
        }
        return tensors;
    }

    /** Sum over the whole index space of the product of all operands, at each point of the output. */
    Tensor contract(List<Tensor> operands, Set<Axis> output) {
        Set<Axis> all = new HashSet<>();
        operands.forEach(operand -> all.addAll(operand.axes()));
        Map<Map<Axis, Integer>, Double> result = new HashMap<>();
        Set<Axis> kept = new HashSet<>(all);
        kept.retainAll(output);
        points(kept).forEach(point -> result.put(point, 0.0));
        for (Map<Axis, Integer> point : points(all)) {
            double product = 1;
            for (Tensor operand : operands) {
                product *= operand.values().getOrDefault(restricted(point, operand.axes()), 0.0);
            }
            result.merge(restricted(point, kept), product, Double::sum);
        }
        return new Tensor(kept, result);
    }

    /** The same, two at a time. */
    Tensor along(Path path, List<Tensor> operands, Network network) {
        List<Tensor> left = new ArrayList<>(operands);
        Network after = network;
        for (Path.Meeting meeting : path.meetings()) {
            after = after.meet(meeting);
            Tensor second = left.remove(meeting.second());
            Tensor first = left.remove(meeting.first());
            left.add(contract(List.of(first, second), after.operands().getLast()));
        }
        return left.size() == 1 ? contract(left, network.output()) : left.getLast();
    }

    /** A slice after the other, each at its place of the result, added up where it has none. */
    Tensor sliced(Slicing slicing, List<Tensor> operands, Network network) {
        Tensor result = contract(List.of(), network.output());
        Map<Map<Axis, Integer>, Double> values = new HashMap<>();
        for (Map<Axis, Integer> place : points(new HashSet<>(slicing.axes()))) {
            List<Tensor> parts = operands.stream().map(operand -> operand.at(place)).toList();
            along(slicing.path(), parts, slicing.network()).values().forEach((point, value) -> {
                Map<Axis, Integer> target = new HashMap<>(point);
                place.forEach((axis, at) -> {
                    if (network.output().contains(axis)) {
                        target.put(axis, at);
                    }
                });
                values.merge(target, value, Double::sum);
            });
        }
        return new Tensor(result.axes(), values);
    }

    List<Map<Axis, Integer>> points(Set<Axis> axes) {
        List<Map<Axis, Integer>> points = List.of(Map.of());
        for (Axis axis : axes) {
            List<Map<Axis, Integer>> more = new ArrayList<>();
            for (Map<Axis, Integer> point : points) {
                for (int i = 0; i < sizes.of(axis); i++) {
                    Map<Axis, Integer> longer = new HashMap<>(point);
                    longer.put(axis, i);
                    more.add(longer);
                }
            }
            points = more;
        }
        return points;
    }

    private static Map<Axis, Integer> restricted(Map<Axis, Integer> point, Set<Axis> axes) {
        Map<Axis, Integer> result = new HashMap<>(point);
        result.keySet().retainAll(axes);
        return result;
    }
}
