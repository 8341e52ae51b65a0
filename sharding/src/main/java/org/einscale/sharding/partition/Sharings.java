package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/**
 * The ways to share the work of an operation that are worth a look. Mesh axes that are factors of one are a unit: they share
 * work together.
 */
final class Sharings {
    private static final int FEW = 3;

    private final Mesh mesh;
    private final List<List<String>> units;
    private final Form form;
    private final Map<Axis, Integer> sizes;
    private final List<Set<Sharding>> operands;
    private final Sharding result;

    /**
     * @param units
     *            all axes of the mesh, those together that are factors of one
     * @param sizes
     *            by the operation's names
     * @param operands
     *            for each operand the shardings in which it can be had, the wanted one included
     * @param result
     *            how the result is wanted
     */
    Sharings(Mesh mesh, List<List<String>> units, Form form, Map<Axis, Integer> sizes, List<Set<Sharding>> operands,
            Sharding result) {
        this.mesh = mesh;
        this.units = units.stream().filter(unit -> mesh.devices(unit) > 1).toList();
        this.form = form;
        this.sizes = sizes;
        this.operands = operands;
        this.result = result;
    }

    /**
     * All of them: every mesh axis along any name, or along none, and in every order where several share a name. Of a mesh with
     * more than {@value #FEW} axes only along names that it splits already, unless the result is to be an unfinished sum over it.
     */
    List<Sharing> all() {
        if (units.size() > FEW) {
            return extended(order(),
                    unit -> result.partial().containsAll(unit) ? form.names() : names(unit), true);
        }
        Set<Sharing> all = new LinkedHashSet<>();
        for (List<List<String>> order : permutations(units)) {
            all.addAll(extended(order, _ -> form.names(), true));
        }
        return List.copyOf(all);
    }

    /**
     * Those that follow from how operands are, or are wanted, and from how the result is wanted: a mesh axis that any of these
     * splits along is used, along one of the names that it splits there.
     */
    List<Sharing> suggested() {
        return extended(order(), this::names, false);
    }

    /** Those of them that split the result only as it is wanted. */
    List<Sharing> asWanted() {
        return extended(order(), unit -> {
            Set<Axis> names = names(unit);
            Set<Axis> others = new LinkedHashSet<>(form.output());
            others.removeAll(collected(unit, result, form.output()));
            names.removeAll(others);
            return names;
        }, false);
    }

    /**
     * Devices that share the work if nobody chooses: where it is done as the result is split, or as the operands are, whichever
     * are fewer. A summed axis is shared if every operand that has it is split so.
     */
    int natural() {
        Sharing byResult = Sharing.NONE;
        Sharing byOperands = Sharing.NONE;
        for (List<String> unit : units) {
            List<Axis> made = form.names().stream().filter(name -> summed(name)
                    ? splits(unit, name, true)
                    : collected(unit, result, form.output()).contains(name)).toList();
            List<Axis> given = form.names().stream().filter(name -> splits(unit, name, summed(name)))
                    .toList();
            byResult = first(byResult, made, unit);
            byOperands = first(byOperands, given, unit);
        }
        return Math.min(devices(byResult), devices(rest(byOperands)));
    }

    /** With mesh axes of the result that are not used, if those that are outside of them there are used there. */
    private Sharing rest(Sharing sharing) {
        Sharing more = sharing;
        for (int i = 0; i < form.output().size(); i++) {
            Axis name = form.output().get(i);
            for (List<String> unit : inUnits(result.split().get(i))) {
                if (more.split().values().stream().allMatch(over -> Collections.disjoint(over, unit))) {
                    more = first(more, List.of(name), unit);
                }
                if (!more.over(name).containsAll(unit)) {
                    break;
                }
            }
        }
        return more;
    }

    private boolean summed(Axis name) {
        return form.roles().get(name) instanceof Form.Role.Combined;
    }

    /** Whether the mesh axis splits the name in all or in any of the operands that have it. */
    private boolean splits(List<String> unit, Axis name, boolean all) {
        IntPredicate splits = i -> operands.get(i).stream()
                .anyMatch(s -> collected(unit, s, form.operands().get(i)).contains(name));
        IntStream with = IntStream.range(0, operands.size()).filter(i -> form.operands().get(i).contains(name));
        return all ? with.allMatch(splits) : with.anyMatch(splits);
    }

    /** With the mesh axis along the first of the names along which it can be. */
    private Sharing first(Sharing sharing, List<Axis> names, List<String> unit) {
        return names.stream().filter(name -> splittable(name, sharing, unit)).findFirst()
                .map(name -> sharing.with(name, unit)).orElse(sharing);
    }

    private interface Names {
        Set<Axis> of(List<String> unit);
    }

    private List<Sharing> extended(List<List<String>> order, Names names, boolean none) {
        List<Sharing> all = List.of(Sharing.NONE);
        for (List<String> unit : order) {
            List<Sharing> more = new ArrayList<>();
            for (Sharing sharing : all) {
                List<Sharing> options = new ArrayList<>();
                for (Axis name : names.of(unit)) {
                    if (splittable(name, sharing, unit)) {
                        options.add(sharing.with(name, unit));
                    }
                }
                if (none || options.isEmpty()) {
                    options.add(sharing);
                }
                passing(unit).forEach(passed -> options.add(sharing.passing(unit, passed)));
                more.addAll(options);
            }
            all = more;
        }
        return all;
    }

    /** Whether every device along all mesh axes of a name then has something to do, or an operand leaves some without already. */
    private boolean splittable(Axis name, Sharing sharing, List<String> unit) {
        Form.Role role = form.roles().get(name);
        int parts = mesh.devices(sharing.over(name)) * mesh.devices(unit);
        int size = sizes.getOrDefault(name, 0);
        return role != null && size > 1 && (size >= parts || isSplit(name, sharing.with(name, unit).over(name)))
                && (!(role instanceof Form.Role.Even) || size % parts == 0);
    }

    private boolean isSplit(Axis name, List<String> over) {
        return IntStream.range(0, operands.size()).anyMatch(i -> {
            int at = form.operands().get(i).indexOf(name);
            return at >= 0 && operands.get(i).stream().anyMatch(sharding -> sharding.split().get(at).equals(over));
        });
    }

    /** Names that the mesh axis splits in an operand or in the result. */
    private Set<Axis> names(List<String> unit) {
        Set<Axis> names = new LinkedHashSet<>();
        for (int i = 0; i < operands.size(); i++) {
            for (Sharding sharding : operands.get(i)) {
                names.addAll(collected(unit, sharding, form.operands().get(i)));
            }
        }
        names.addAll(collected(unit, result, form.output()));
        return names;
    }

    private static Set<Axis> collected(List<String> unit, Sharding sharding, List<Axis> term) {
        return IntStream.range(0, term.size()).filter(j -> sharding.split().get(j).containsAll(unit))
                .mapToObj(term::get)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Sets of operands that are addends along the mesh axis, and may stay so. */
    private List<Set<Integer>> passing(List<String> unit) {
        List<Integer> partial = IntStream.range(0, operands.size())
                .filter(i -> operands.get(i).stream().anyMatch(s -> s.partial().containsAll(unit))).boxed().toList();
        if (partial.isEmpty()) {
            return List.of();
        }
        Set<Set<Integer>> sets = partial.stream().map(Set::of).collect(Collectors.toCollection(LinkedHashSet::new));
        sets.add(new TreeSet<>(partial));
        // What is added to an unfinished sum can join it.
        sets.add(IntStream.range(0, operands.size()).boxed().collect(Collectors.toCollection(TreeSet::new)));
        return sets.stream().filter(form.linear()).toList();
    }

    /** Those with one unit along another name, innermost, or along none. */
    List<Sharing> near(Sharing sharing) {
        List<Sharing> near = new ArrayList<>();
        for (List<String> unit : units) {
            if (!Collections.disjoint(sharing.passed().keySet(), unit)) {
                continue;
            }
            Sharing rest = sharing.without(unit);
            near.add(rest);
            for (Axis name : form.names()) {
                if (splittable(name, rest, unit)) {
                    near.add(rest.with(name, unit));
                }
            }
        }
        return near;
    }

    /** Devices that share the work: no more than there are elements along each name. */
    int devices(Sharing sharing) {
        return sharing.split().entrySet().stream()
                .mapToInt(entry -> Math.min(mesh.devices(entry.getValue()), sizes.getOrDefault(entry.getKey(), 0)))
                .reduce(1, Math::multiplyExact);
    }

    private List<List<String>> inUnits(List<String> meshAxes) {
        return meshAxes.stream().flatMap(axis -> units.stream().filter(unit -> unit.contains(axis))).distinct()
                .toList();
    }

    /**
     * Units in an order in which every value can have those that split one of its axes; where two values have them in
     * contrary orders, in that of the result, or else of the first operand.
     */
    private List<List<String>> order() {
        List<List<String>> order = new ArrayList<>();
        Stream.concat(Stream.of(result), operands.stream().flatMap(Set::stream)).flatMap(s -> s.split().stream())
                .map(this::inUnits).filter(over -> over.size() > 1).forEach(over -> insert(over, order));
        insert(units.stream().filter(unit -> !order.contains(unit)).toList(), order);
        return order;
    }

    /** Puts each unit that the order lacks right before the next one that it has. */
    private static void insert(List<List<String>> over, List<List<String>> order) {
        int at = order.size();
        for (List<String> unit : over.reversed()) {
            int known = order.indexOf(unit);
            if (known < 0) {
                order.add(at, unit);
            } else {
                at = known;
            }
        }
    }

    private static <T> List<List<T>> permutations(List<T> list) {
        if (list.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (T first : list) {
            List<T> rest = new ArrayList<>(list);
            rest.remove(first);
            for (List<T> tail : permutations(rest)) {
                List<T> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }
}
