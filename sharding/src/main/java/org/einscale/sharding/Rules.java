package org.einscale.sharding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Rule.Scope;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Over which mesh axes the axes of the einsum strings are split: the only annotation a sharded model needs.
 *
 * @param mesh
 *            whose axes the rules name
 * @param rules
 *            the earlier the stronger: in a value where two want the same mesh axis, the first has it
 */
public record Rules(Mesh mesh, List<Rule> rules) {

    public Rules {
        rules = List.copyOf(rules);
        rules.forEach(rule -> {
            mesh.devices(rule.over());
            if (rule.cutsLayers() && rule.over().size() > 1) {
                throw new ShardingError("rule " + rule + ": layers are dealt out along one mesh axis; found "
                        + rule.over().size());
            }
        });
    }

    /**
     * Reads {@code b=data, h=model, f=model}; several mesh axes are joined by +, as in {@code b=data+model}. A rule may be
     * about {@code parameters.d}, {@code optimizer.d} or, by its name, one value only; {@code *} stands for the largest
     * axis that can be split evenly. If all are about single values, others are split as follows from these.
     *
     * @throws IllegalArgumentException
     *             if the text has another form or names an axis that the mesh lacks
     */
    public static Rules of(Mesh mesh, String text) {
        List<Rule> rules = new ArrayList<>();
        for (String item : text.isBlank() ? new String[0] : text.split(",")) {
            String[] sides = item.strip().split("\\s*=\\s*");
            if (sides.length != 2 || sides[0].isBlank()) {
                throw new IllegalArgumentException(
                        "rules \"" + text + "\": found '" + item.strip() + "'; expected AXIS=MESH_AXIS, as in h=model");
            }
            int dot = sides[0].lastIndexOf('.');
            Scope scope = switch (dot < 0 ? "" : sides[0].substring(0, dot)) {
                case "" -> new Scope.All();
                case "parameters" -> new Scope.Parameters();
                case "optimizer" -> new Scope.OptimizerStates();
                case String name -> new Scope.Named(name);
            };
            Rule rule = new Rule(scope, sides[0].substring(dot + 1), Arrays.asList(sides[1].split("\\s*\\+\\s*")));
            if (rules.stream().anyMatch(r -> r.scope().equals(rule.scope()) && r.axis().equals(rule.axis()))) {
                throw new IllegalArgumentException("rules \"" + text + "\": '" + sides[0] + "' stands twice");
            }
            rules.add(rule);
        }
        return new Rules(mesh, rules);
    }

    /** The mesh axis along which the layers of a model are dealt out to stages, if a rule says so. */
    public Optional<String> stages() {
        return rules.stream().filter(Rule::cutsLayers).map(rule -> rule.over().getFirst())
                .filter(axis -> mesh.size(axis) > 1).findFirst();
    }

    /** The rules for the devices of one stage. */
    public Rules ofStage() {
        Mesh within = rules.stream().filter(Rule::cutsLayers).flatMap(rule -> rule.over().stream()).reduce(mesh,
                Mesh::without, (a, _) -> a);
        return new Rules(within, rules.stream().filter(rule -> !rule.cutsLayers()).toList());
    }

    /** As they are written: {@code b=data, h=model}. */
    public String text() {
        return rules.stream().map(Rule::toString).collect(Collectors.joining(", "));
    }

    /** Whether there are rules, and each is about values of one name. */
    public boolean onlyNamed() {
        return !rules.isEmpty() && rules.stream().allMatch(rule -> rule.scope() instanceof Scope.Named);
    }

    /** How a value that is no state is to be split. */
    public Sharding of(Value value, Sizes sizes) {
        return of(value, sizes, scope -> scope instanceof Scope.All);
    }

    public Sharding ofParameter(Value value, Sizes sizes) {
        return of(value, sizes, scope -> !(scope instanceof Scope.OptimizerStates));
    }

    public Sharding ofOptimizerState(Value value, Sizes sizes) {
        return of(value, sizes, _ -> true);
    }

    /**
     * @throws ShardingError
     *             if an axis has fewer elements than a rule asks devices for
     */
    private Sharding of(Value value, Sizes sizes, Predicate<Scope> applies) {
        List<List<String>> split = new ArrayList<>(Collections.nCopies(value.axes().size(), List.of()));
        Set<String> used = new HashSet<>();
        List<Rule> strongest = Stream.concat(
                rules.stream()
                        .filter(rule -> rule.scope() instanceof Scope.Named(String name) && name.equals(value.name())),
                rules.stream().filter(rule -> !(rule.scope() instanceof Scope.Named) && applies.test(rule.scope())))
                .toList();
        for (Rule rule : strongest) {
            List<String> over = rule.over().stream().filter(m -> mesh.size(m) > 1 && !used.contains(m)).toList();
            if (over.isEmpty()) {
                continue;
            }
            Optional<Integer> at = rule.axis().equals(Rule.ANY)
                    ? largest(value.axes(), split, sizes, mesh.devices(over))
                    : IntStream.range(0, split.size()).filter(i -> value.axes().get(i).name().equals(rule.axis()))
                            .boxed().findFirst();
            at.ifPresent(i -> {
                List<String> all = Stream.concat(split.get(i).stream(), over.stream()).toList();
                Axis axis = value.axes().get(i);
                if (sizes.of(axis) < mesh.devices(all)) {
                    throw new ShardingError("rule " + rule + ": axis '" + axis.name() + "' of " + value.name() + " "
                            + Value.text(value.axes()) + " has " + sizes.of(axis) + " elements for the "
                            + mesh.devices(all) + " devices along " + String.join(" and ", all)
                            + "; expected at least one each: make that side of the mesh smaller, or give the rule to"
                            + " another axis");
                }
                used.addAll(over);
                split.set(i, all);
            });
        }
        return new Sharding(split);
    }

    /** The largest axis that is not split yet and has elements enough, evenly split if one can be. */
    private static Optional<Integer> largest(List<Axis> axes, List<List<String>> split, Sizes sizes, int parts) {
        return IntStream.range(0, axes.size()).boxed()
                .filter(i -> split.get(i).isEmpty() && sizes.of(axes.get(i)) >= parts)
                .max(Comparator.comparing((Integer i) -> sizes.of(axes.get(i)) % parts == 0)
                        .thenComparing(i -> sizes.of(axes.get(i))).thenComparing(i -> -i));
    }
}
