package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * How all values of a program are split if rules are about some of them only: what one has of an axis spreads to the operands
 * and results that an operation joins to it by that axis, the strongest rule first, and each as far as it comes (as in GSPMD,
 * Xu et al. 2021). A mesh axis that splits something already is not taken away, and values with a rule keep to it.
 */
final class Propagation {
    private final Program program;
    private final Sizes sizes;
    private final Mesh mesh;
    private final Map<Value, Sharding> shardings = new LinkedHashMap<>();
    private final Set<Value> given = new HashSet<>();

    /** One axis of a value. */
    private record Place(Value value, int at) {}

    private Propagation(Program program, Sizes sizes, Mesh mesh) {
        this.program = program;
        this.sizes = sizes;
        this.mesh = mesh;
        program.values().forEach(value -> shardings.put(value, Sharding.whole(value.axes().size())));
    }

    /**
     * Of all values.
     *
     * @throws org.einscale.sharding.ShardingError
     *             if a rule cannot hold
     */
    static Map<Value, Sharding> of(Program program, Sizes sizes, Rules rules) {
        Propagation propagation = new Propagation(program, sizes, rules.mesh());
        Map<Value, Sharding> ruled = new HashMap<>();
        program.values().forEach(value -> {
            ruled.put(value, rules.of(value, sizes));
            if (rules.rules().stream().anyMatch(rule -> isAbout(rule, value))) {
                propagation.given.add(value);
            }
        });
        for (Rule rule : rules.rules()) {
            propagation.given.stream().filter(value -> isAbout(rule, value)).forEach(
                    value -> propagation.shardings.put(value, until(rule, value, rules, Objects.requireNonNull(
                            ruled.get(value)))));
            propagation.spread();
        }
        return propagation.shardings;
    }

    private static boolean isAbout(Rule rule, Value value) {
        return rule.scope() instanceof Rule.Scope.Named(String name) && name.equals(value.name());
    }

    /** What of a sharding the rules up to one ask for. */
    private static Sharding until(Rule last, Value value, Rules rules, Sharding all) {
        Set<String> over = new HashSet<>();
        rules.rules().subList(0, rules.rules().indexOf(last) + 1).stream().filter(rule -> isAbout(rule, value))
                .forEach(rule -> over.addAll(rule.over()));
        return new Sharding(
                all.split().stream().map(list -> list.stream().takeWhile(over::contains).toList()).toList());
    }

    private void spread() {
        boolean more = true;
        while (more) {
            more = false;
            for (Statement statement : program.statements()) {
                more |= spread(joined(statement));
            }
            for (Statement statement : program.statements().reversed()) {
                more |= spread(joined(statement));
            }
            for (var update : program.updates().entrySet()) {
                Map<Integer, List<Place>> alike = new LinkedHashMap<>();
                for (int i = 0; i < update.getKey().axes().size(); i++) {
                    alike.put(i, List.of(new Place(update.getKey(), i), new Place(update.getValue(), i)));
                }
                more |= spread(alike);
            }
        }
    }

    /** Axes of operands and result by the name of the operation's along which its work can be shared. */
    private static Map<Axis, List<Place>> joined(Statement statement) {
        Form form = Form.of(statement);
        Map<Axis, List<Place>> joined = new LinkedHashMap<>();
        List<Value> operands = statement.operation().operands();
        for (int i = 0; i < operands.size(); i++) {
            collect(form, form.operands().get(i), operands.get(i), joined);
        }
        collect(form, form.output(), statement.result(), joined);
        return joined;
    }

    private static void collect(Form form, List<Axis> names, Value value, Map<Axis, List<Place>> joined) {
        for (int j = 0; j < names.size(); j++) {
            if (form.roles().containsKey(names.get(j))) {
                joined.computeIfAbsent(names.get(j), _ -> new ArrayList<>()).add(new Place(value, j));
            }
        }
    }

    private boolean spread(Map<?, List<Place>> joined) {
        boolean changed = false;
        for (var entry : joined.entrySet()) {
            List<String> longest = List.of();
            for (Place place : entry.getValue()) {
                longest = over(place).size() > longest.size() ? over(place) : longest;
            }
            Set<String> elsewhere = new HashSet<>();
            joined.forEach((name, places) -> {
                if (!name.equals(entry.getKey())) {
                    places.forEach(place -> elsewhere.addAll(over(place)));
                }
            });
            for (Place place : entry.getValue()) {
                changed |= !given.contains(place.value()) && extend(place, longest, elsewhere);
            }
        }
        return changed;
    }

    private List<String> over(Place place) {
        return sharding(place.value()).split().get(place.at());
    }

    private Sharding sharding(Value value) {
        return Objects.requireNonNull(shardings.get(value), value::toString);
    }

    private boolean extend(Place place, List<String> longest, Set<String> elsewhere) {
        List<String> now = over(place);
        if (!longest.subList(0, now.size()).equals(now)) {
            return false;
        }
        Sharding sharding = sharding(place.value());
        List<String> more = new ArrayList<>();
        int parts = mesh.devices(now);
        for (String axis : longest.subList(now.size(), longest.size())) {
            parts *= mesh.size(axis);
            if (sharding.splitOver().contains(axis) || elsewhere.contains(axis)
                    || sizes.of(place.value().axes().get(place.at())) < parts) {
                break;
            }
            more.add(axis);
        }
        shardings.put(place.value(), sharding.with(place.at(), more));
        return !more.isEmpty();
    }
}
