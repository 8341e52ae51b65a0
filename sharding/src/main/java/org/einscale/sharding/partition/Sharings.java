package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/** The ways to share the work of an operation that are worth a look. */
final class Sharings {
    private static final int FEW = 3;

    private final Mesh mesh;
    private final Form form;
    private final Map<Axis, Integer> sizes;

    /**
     * @param sizes
     *            by the operation's names
     */
    Sharings(Mesh mesh, Form form, Map<Axis, Integer> sizes) {
        this.mesh = mesh;
        this.form = form;
        this.sizes = sizes;
    }

    /**
     * All of them: every mesh axis along any name, or along none, and in every order where several share a name. Of a mesh with
     * more than {@value #FEW} axes only along names that it splits already, unless the result is to be an unfinished sum over it.
     */
    List<Sharing> all(List<Set<Sharding>> operands, Sharding result) {
        List<String> axes = meshAxes();
        if (axes.size() > FEW) {
            return extended(order(operands, result),
                    axis -> result.partial().contains(axis) ? form.names() : names(axis, operands, result), operands,
                    true);
        }
        Set<Sharing> all = new LinkedHashSet<>();
        for (List<String> order : permutations(axes)) {
            all.addAll(extended(order, _ -> form.names(), operands, true));
        }
        return List.copyOf(all);
    }

    /**
     * Those that follow from how operands are, or are wanted, and from how the result is wanted: a mesh axis that any of these
     * splits along is used, along one of the names that it splits there.
     *
     * @param operands
     *            for each operand the shardings in which it can be had, the wanted one included
     */
    List<Sharing> suggested(List<Set<Sharding>> operands, Sharding result) {
        return extended(order(operands, result), axis -> names(axis, operands, result), operands, false);
    }

    /**
     * Those that follow from how everything is declared without a choice: a mesh axis along a name that it splits in the
     * result, or along a contracted one that it splits in every operand that has it.
     */
    Sharing natural(List<Set<Sharding>> operands, Sharding result) {
        Sharing natural = Sharing.NONE;
        for (String axis : meshAxes()) {
            for (Axis name : form.names()) {
                boolean wanted = collected(axis, result, form.output()).contains(name)
                        || form.roles().get(name) instanceof Form.Role.Combined && IntStream.range(0, operands.size())
                                .filter(i -> form.operands().get(i).contains(name))
                                .allMatch(i -> operands.get(i).stream()
                                        .anyMatch(s -> collected(axis, s, form.operands().get(i)).contains(name)));
                if (wanted && splittable(name, natural, axis)) {
                    natural = natural.with(name, axis);
                    break;
                }
            }
        }
        return natural;
    }

    private interface Names {
        Set<Axis> of(String meshAxis);
    }

    private List<Sharing> extended(List<String> order, Names names, List<Set<Sharding>> operands, boolean none) {
        List<Sharing> all = List.of(Sharing.NONE);
        for (String axis : order) {
            List<Sharing> more = new ArrayList<>();
            for (Sharing sharing : all) {
                List<Sharing> options = new ArrayList<>();
                for (Axis name : names.of(axis)) {
                    if (splittable(name, sharing, axis)) {
                        options.add(sharing.with(name, axis));
                    }
                }
                if (none || options.isEmpty()) {
                    options.add(sharing);
                }
                passing(axis, operands).forEach(passed -> options.add(sharing.passing(axis, passed)));
                more.addAll(options);
            }
            all = more;
        }
        return all;
    }

    private boolean splittable(Axis name, Sharing sharing, String axis) {
        Form.Role role = form.roles().get(name);
        int parts = mesh.devices(sharing.over(name)) * mesh.size(axis);
        int size = sizes.getOrDefault(name, 0);
        return role != null && size > 1 && size >= parts && (!(role instanceof Form.Role.Even) || size % parts == 0);
    }

    /** Names that the mesh axis splits in an operand or in the result. */
    private Set<Axis> names(String axis, List<Set<Sharding>> operands, Sharding result) {
        Set<Axis> names = new LinkedHashSet<>();
        for (int i = 0; i < operands.size(); i++) {
            for (Sharding sharding : operands.get(i)) {
                names.addAll(collected(axis, sharding, form.operands().get(i)));
            }
        }
        names.addAll(collected(axis, result, form.output()));
        return names;
    }

    private static Set<Axis> collected(String axis, Sharding sharding, List<Axis> term) {
        return IntStream.range(0, term.size()).filter(j -> sharding.split().get(j).contains(axis)).mapToObj(term::get)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Sets of operands that are addends along the mesh axis, and may stay so. */
    private List<Set<Integer>> passing(String axis, List<Set<Sharding>> operands) {
        List<Integer> partial = IntStream.range(0, operands.size())
                .filter(i -> operands.get(i).stream().anyMatch(s -> s.partial().contains(axis))).boxed().toList();
        if (partial.isEmpty()) {
            return List.of();
        }
        Set<Set<Integer>> sets = partial.stream().map(Set::of).collect(Collectors.toCollection(LinkedHashSet::new));
        sets.add(new TreeSet<>(partial));
        // What is added to an unfinished sum can join it.
        sets.add(IntStream.range(0, operands.size()).boxed().collect(Collectors.toCollection(TreeSet::new)));
        return sets.stream().filter(form.linear()).toList();
    }

    private List<String> meshAxes() {
        return mesh.axes().keySet().stream().filter(m -> mesh.size(m) > 1).toList();
    }

    /**
     * Mesh axes in an order in which every value can have those that split one of its axes; where two values have them in
     * contrary orders, in that of the result, or else of the first operand.
     */
    private List<String> order(List<Set<Sharding>> operands, Sharding result) {
        List<String> order = new ArrayList<>();
        Stream.concat(Stream.of(result), operands.stream().flatMap(Set::stream)).flatMap(s -> s.split().stream())
                .filter(over -> over.size() > 1).forEach(over -> insert(over, order));
        insert(meshAxes().stream().filter(m -> !order.contains(m)).toList(), order);
        order.removeIf(m -> mesh.size(m) == 1);
        return order;
    }

    /** Puts each mesh axis that the order lacks right before the next one that it has. */
    private static void insert(List<String> over, List<String> order) {
        int at = order.size();
        for (String axis : over.reversed()) {
            int known = order.indexOf(axis);
            if (known < 0) {
                order.add(at, axis);
            } else {
                at = known;
            }
        }
    }

    private static List<List<String>> permutations(List<String> list) {
        if (list.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : list) {
            List<String> rest = new ArrayList<>(list);
            rest.remove(first);
            for (List<String> tail : permutations(rest)) {
                List<String> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }
}
