package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/** Says why a value is needed in another form than it has: for which operation, and by which rules. */
final class Reasons {

    /** As in {@link Decision}. */
    record Reason(String asker, String text) {}

    /** An axis along which a statement is shared, and an operand that has it. */
    private record Shared(Value operand, Axis axis) {}

    /** The mesh axes that split a value otherwise than it is needed: who asks for it, and in words. */
    private record Why(Set<String> askers, List<String> texts) {
        Why() {
            this(new LinkedHashSet<>(), new ArrayList<>());
        }

        void add(String asker, String text) {
            askers.add(asker);
            texts.add(text);
        }

        Reason reason(String what) {
            return new Reason(askers.isEmpty() ? GIVEN : String.join(", ", askers),
                    what + (texts.isEmpty() ? "" : ": " + String.join(", ", texts)));
        }
    }

    private static final String GIVEN = "the given sharding";

    private final Homes homes;
    /** By the mesh axis that splits a value otherwise than by a rule for it, the rule from which that follows. */
    private final Map<Value, Map<String, String>> inherited = new HashMap<>();
    /** By the mesh axis that left a value an unfinished sum, the axis that was summed and the value that had it. */
    private final Map<Value, Map<String, Shared>> summed = new HashMap<>();

    Reasons(Homes homes) {
        this.homes = homes;
    }

    /** Takes note of how a shared statement splits its result, and of what it leaves unfinished. */
    void shared(Statement statement, Form form, Sharing sharing) {
        Map<String, Shared> sums = new HashMap<>();
        Map<String, String> splits = new HashMap<>();
        sharing.split().forEach((name, over) -> {
            Shared here = along(statement, form, name);
            boolean combined = form.roles().get(name) instanceof Form.Role.Combined;
            for (String axis : over) {
                splits.put(axis, wish(here.operand(), here.axis(), axis));
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

    /** What asks for an axis of a value to be split over a mesh axis. */
    private String wish(Value value, Axis axis, String mesh) {
        return homes.rule(value, axis, mesh)
                .orElseGet(() -> inherited.getOrDefault(value, Map.of()).getOrDefault(mesh, GIVEN));
    }

    private static Shared along(Statement statement, Form form, Axis name) {
        List<Value> operands = statement.operation().operands();
        for (int i = 0; i < operands.size(); i++) {
            int at = form.operands().get(i).indexOf(name);
            if (at >= 0) {
                return new Shared(operands.get(i), operands.get(i).axes().get(at));
            }
        }
        return new Shared(statement.result(), name);
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
                    freed(statement, form, sharing, value, axis, name, mesh, why);
                }
            }
        }
        return why.reason(statement + " needs " + value.name() + " as " + text(value, needed) + " and finds it as "
                + text(value, from));
    }

    private void freed(Statement statement, Form form, Sharing sharing, Value value, Axis axis, Axis name, String mesh,
            Why why) {
        String splits = wish(value, axis, mesh);
        sharing.split().entrySet().stream().filter(split -> split.getValue().contains(mesh)).findFirst()
                .ifPresentOrElse(split -> {
                    Shared other = along(statement, form, split.getKey());
                    String there = wish(other.operand(), other.axis(), mesh);
                    why.add(splits.equals(there) ? splits : splits + " against " + there,
                            mesh + " splits " + axis + " by " + splits + ", but " + other.axis() + " there by "
                                    + there);
                }, () -> why.add(splits, mesh + " splits " + axis + " by " + splits + ", "
                        + (form.roles().get(name) == null
                                ? "which the operation runs along"
                                : "of which every device needs all")));
    }

    /** Why the result of a statement is put together where devices have shared what it is an extremum or product of. */
    Reason combined(Statement statement, Form form, Sharing sharing, Reduction reduction) {
        Why why = new Why();
        sharing.split().forEach((name, over) -> {
            if (form.roles().get(name) instanceof Form.Role.Combined(Reduction by) && by == reduction) {
                Shared of = along(statement, form, name);
                over.forEach(mesh -> why.add(wish(of.operand(), of.axis(), mesh),
                        mesh + " splits " + of.axis() + " by " + wish(of.operand(), of.axis(), mesh)));
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
                    String wish = wish(as, as.axes().get(i), mesh);
                    why.add(wish, mesh + " splits " + as.axes().get(i) + " by " + wish);
                }
            }
            if (to.split().get(i).isEmpty()) {
                for (String mesh : from.split().get(i)) {
                    String wish = wish(value, value.axes().get(i), mesh);
                    why.add(wish, mesh + " splits " + value.axes().get(i) + " by " + wish
                            + ", of which every device needs all");
                }
            }
        }
        return why.reason(what + " is wanted as " + text(value, to) + " and made as " + text(value, from));
    }

    private void finished(Value value, Sharding from, Sharding to, Why why) {
        for (String mesh : from.partial()) {
            if (!to.partial().contains(mesh)) {
                Shared sum = summed.getOrDefault(value, Map.of()).get(mesh);
                String by = sum == null ? GIVEN : wish(sum.operand(), sum.axis(), mesh);
                why.add(by, sum == null
                        ? mesh + " has addends of it by " + by
                        : mesh + " splits " + sum.axis() + ", along which it is a sum, by " + by);
            }
        }
    }

    private static String text(Value value, Sharding sharding) {
        return Value.text(sharding.local(value.axes()))
                + (sharding.partial().isEmpty() ? "" : " sum over " + String.join("+", sharding.partial()));
    }
}
