package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/** Says why a value is needed in another form than it has: for which operation, by which rules, and whether they ask for that. */
final class Reasons {

    /** As in {@link Decision}. */
    record Reason(String asker, String text, Optional<String> remedy) {}

    /** An axis along which a statement is shared, and an operand that has it. */
    private record Shared(Value operand, Axis axis) {}

    /** The mesh axes that split a value otherwise than it is needed: who asks for it, in words, and what to do about it. */
    private record Why(Set<String> askers, List<String> texts, Set<String> remedies) {
        Why() {
            this(new LinkedHashSet<>(), new ArrayList<>(), new LinkedHashSet<>());
        }

        void add(String asker, String text) {
            askers.add(asker);
            texts.add(text);
        }

        Reason reason(String what) {
            return new Reason(askers.isEmpty() ? GIVEN : String.join(", ", askers),
                    what + (texts.isEmpty() ? "" : ": " + String.join(", ", texts)),
                    remedies.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remedies)));
        }
    }

    private static final String GIVEN = "the given sharding";

    private final Homes homes;
    /** By the mesh axis that splits a value otherwise than by a rule for it, the rule from which that follows. */
    private final Map<Value, Map<String, Rule>> inherited = new HashMap<>();
    /** By the mesh axis that left a value an unfinished sum, the axis that was summed and the value that had it. */
    private final Map<Value, Map<String, Shared>> summed = new HashMap<>();

    Reasons(Homes homes) {
        this.homes = homes;
    }

    /** Takes note of how a shared statement splits its result, and of what it leaves unfinished. */
    void shared(Statement statement, Form form, Sharing sharing) {
        Map<String, Shared> sums = new HashMap<>();
        Map<String, Rule> splits = new HashMap<>();
        sharing.split().forEach((name, over) -> {
            boolean combined = form.roles().get(name) instanceof Form.Role.Combined;
            for (String axis : over) {
                Shared here = along(statement, form, name, axis);
                rule(here.operand(), here.axis(), axis).ifPresent(rule -> splits.put(axis, rule));
                if (combined) {
                    sums.put(axis, here);
                }
            }
        });
        sharing.passed().forEach((axis, operands) -> operands.stream().map(statement.operation().operands()::get)
                .map(operand -> summed.getOrDefault(operand, Map.of()).get(axis)).filter(sum -> sum != null).findFirst()
                .ifPresent(sum -> sums.put(axis, sum)));
        summed.put(statement.result(), sums);
        inherited.put(statement.result(), splits);
    }

    /** What asks for an axis of a value to be split over a mesh axis; empty if that was given. */
    private Optional<Rule> rule(Value value, Axis axis, String mesh) {
        return homes.rule(value, axis, mesh)
                .or(() -> Optional.ofNullable(inherited.getOrDefault(value, Map.of()).get(mesh)));
    }

    private static String text(Optional<Rule> rule) {
        return rule.map(known -> "rule " + known).orElse(GIVEN);
    }

    /** An operand that has an axis along which a statement is shared over a mesh axis: one that a rule splits so, if there is any. */
    private Shared along(Statement statement, Form form, Axis name, String mesh) {
        List<Value> operands = statement.operation().operands();
        List<Shared> all = IntStream.range(0, operands.size()).filter(i -> form.operands().get(i).contains(name))
                .mapToObj(i -> new Shared(operands.get(i),
                        operands.get(i).axes().get(form.operands().get(i).indexOf(name))))
                .toList();
        return all.stream().filter(shared -> rule(shared.operand(), shared.axis(), mesh).isPresent()).findFirst()
                .or(() -> all.stream().findFirst()).orElseGet(() -> new Shared(statement.result(), name));
    }

    /** Why an operand changes from one form to that in which a shared statement needs it. */
    Reason operand(Statement statement, Form form, Sharing sharing, int operand, Sharding from) {
        Value value = statement.operation().operands().get(operand);
        Sharding needed = sharing.operand(form, operand);
        Why why = new Why();
        finished(value, from, needed, why);
        for (int i = 0; i < value.axes().size(); i++) {
            Axis axis = value.axes().get(i);
            Axis name = form.operands().get(operand).get(i);
            for (String mesh : from.split().get(i)) {
                if (!needed.split().get(i).contains(mesh)) {
                    freed(statement, form, sharing, new Shared(value, axis), name, mesh, why);
                }
            }
        }
        return why.reason(statement + " needs " + value.name() + " as " + needed.text(value.axes())
                + " and finds it as " + from.text(value.axes()));
    }

    private void freed(Statement statement, Form form, Sharing sharing, Shared from, Axis name, String mesh, Why why) {
        Optional<Rule> splits = rule(from.operand(), from.axis(), mesh);
        sharing.split().entrySet().stream().filter(split -> split.getValue().contains(mesh)).findFirst()
                .ifPresentOrElse(split -> {
                    Shared other = along(statement, form, split.getKey(), mesh);
                    Optional<Rule> there = rule(other.operand(), other.axis(), mesh);
                    why.add(splits.equals(there) ? text(splits) : text(splits) + " against " + text(there),
                            mesh + " splits " + from.axis() + " by " + text(splits) + ", but " + other.axis()
                                    + " there by " + text(there));
                    moved(from, mesh, splits, there, why);
                }, () -> {
                    why.add(text(splits), mesh + " splits " + from.axis() + " by " + text(splits) + ", "
                            + (form.roles().get(name) == null
                                    ? "which the operation runs along"
                                    : "of which every device needs all"));
                    moved(from, mesh, splits, Optional.empty(), why);
                });
    }

    /**
     * A value that leaves how it was split over a mesh axis, which no rule may ask for.
     *
     * @param splits
     *            by which it was
     * @param there
     *            by which the mesh axis is used otherwise
     */
    private void moved(Shared from, String mesh, Optional<Rule> splits, Optional<Rule> there, Why why) {
        boolean asked = splits.map(rule -> !(rule.scope() instanceof Rule.Scope.All) || homes.moves(rule))
                .orElse(false) || there.map(homes::moves).orElse(false);
        if (!asked) {
            why.remedies().add(homes.given()
                    ? "it goes away if " + from.operand().name() + " is given without " + from.axis() + "=" + mesh
                    : "rule " + from.operand().name() + "." + from.axis() + "=" + mesh
                            + " would ask for it, and without "
                            + text(there.or(() -> splits)) + " it would go away");
        }
    }

    /** Why the result of a statement is put together where devices have shared what it is an extremum or product of. */
    Reason combined(Statement statement, Form form, Sharing sharing, Reduction reduction) {
        Why why = new Why();
        sharing.split().forEach((name, over) -> {
            if (form.roles().get(name) instanceof Form.Role.Combined(Reduction by) && by == reduction) {
                for (String mesh : over) {
                    Shared of = along(statement, form, name, mesh);
                    Optional<Rule> rule = rule(of.operand(), of.axis(), mesh);
                    why.add(text(rule), mesh + " splits " + of.axis() + " by " + text(rule));
                    begun(of, mesh, why);
                }
            }
        });
        return why.reason(statement + " is of what all devices have");
    }

    /**
     * Why a value that is made changes to a form that is wanted in the end.
     *
     * @param as
     *            an output or state by which the wish is
     */
    Reason end(Value value, Value as, String what, Sharding from, Sharding to) {
        Why why = new Why();
        finished(value, from, to, why);
        for (int i = 0; i < value.axes().size(); i++) {
            for (String mesh : to.split().get(i)) {
                if (!from.split().get(i).contains(mesh)) {
                    String wish = text(rule(as, as.axes().get(i), mesh));
                    why.add(wish, mesh + " splits " + as.axes().get(i) + " by " + wish);
                }
            }
            if (to.split().get(i).isEmpty()) {
                for (String mesh : from.split().get(i)) {
                    Optional<Rule> splits = rule(value, value.axes().get(i), mesh);
                    why.add(text(splits), mesh + " splits " + value.axes().get(i) + " by " + text(splits)
                            + ", of which every device needs all");
                    moved(new Shared(value, value.axes().get(i)), mesh, splits, Optional.empty(), why);
                }
            }
        }
        return why.reason(what + " is wanted as " + to.text(value.axes()) + " and made as " + from.text(value.axes()));
    }

    private void finished(Value value, Sharding from, Sharding to, Why why) {
        for (String mesh : from.partial()) {
            if (!to.partial().contains(mesh)) {
                Shared sum = summed.getOrDefault(value, Map.of()).get(mesh);
                if (sum == null) {
                    why.add(GIVEN, mesh + " has addends of it by " + GIVEN);
                } else {
                    Optional<Rule> rule = rule(sum.operand(), sum.axis(), mesh);
                    why.add(text(rule), mesh + " splits " + sum.axis() + ", along which it is a sum, by " + text(rule));
                    begun(sum, mesh, why);
                }
            }
        }
    }

    /** A sum or an extremum of parts, which no rule may ask for. */
    private void begun(Shared of, String mesh, Why why) {
        if (rule(of.operand(), of.axis(), mesh).isEmpty() && !homes.declares(of.operand(), of.axis(), mesh)) {
            why.remedies().add("it would be asked for if " + of.operand().name() + " were given with " + of.axis() + "="
                    + mesh);
        }
    }
}
