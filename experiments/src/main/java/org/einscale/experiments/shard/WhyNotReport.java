package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.UserError;
import org.einscale.experiments.explain.Columns;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.partition.Choice;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.partition.Prediction;
import org.einscale.sharding.partition.WhyNot;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Quantity;

/**
 * Why a value is not split in some way, and what it would take. The components are made to be written as JSON.
 *
 * @param held
 *            how it is split instead, as in {@code [b/data l d]}
 * @param wanted
 *            how it was asked for
 * @param plans
 *            the plan as it is, and others in which the value is split so, the first of them in nothing else
 */
public record WhyNotReport(String value, String held, String wanted, List<String> reasons, List<Plan> plans) {
    private static final String PARTIAL = "partial";
    private static final int MOST = 12;

    /**
     * What a device is predicted to do in a run.
     *
     * @param refused
     *            why there is no such plan, empty if there is; then all numbers are 0
     */
    public record Plan(String name, double seconds, double operations, long bytes, int rounds, long memory,
            String refused) {

        static Plan of(String name, Prediction told) {
            return new Plan(name, told.seconds(), told.operations(), told.bytes(), told.rounds(), told.memory(), "");
        }

        static Plan refused(String name, String why) {
            return new Plan(name, 0, 0, 0, 0, 0, why);
        }
    }

    /**
     * A question: {@code value=axis:mesh+mesh, axis:mesh}.
     *
     * @param split
     *            mesh axes by axis of the value, or {@value #PARTIAL}; of axes that are not named nothing is asked
     */
    record Question(String text, String value, Map<String, List<String>> split) {

        static Question of(String text) {
            int equals = text.indexOf('=');
            Map<String, List<String>> split = new LinkedHashMap<>();
            String rest = equals < 0 ? "" : text.substring(equals + 1);
            for (String item : rest.split(",")) {
                int colon = item.indexOf(':');
                if (colon < 1) {
                    throw new UserError("--why-not \"" + text + "\": found '" + item.strip()
                            + "'; expected VALUE=AXIS:MESH_AXIS, as in q=h:model or q=b:data,h:model");
                }
                String over = item.substring(colon + 1).strip();
                split.put(item.substring(0, colon).strip(),
                        over.isEmpty() ? List.of() : Arrays.asList(over.split("\\s*\\+\\s*")));
            }
            return new Question(text, text.substring(0, equals).strip(), split);
        }

        /** The value with the name, as the person or a device's program calls it. */
        Value in(Partition partition) {
            return find(partition).orElseThrow(() -> unknown(List.of(partition)));
        }

        /** The same if there is one. */
        Optional<Value> find(Partition partition) {
            Map<Value, String> known = known(partition);
            return known.keySet().stream()
                    .filter(whole -> whole.name().equals(value) || value.equals(known.get(whole))).findFirst();
        }

        private static Map<Value, String> known(Partition partition) {
            Map<Value, String> known = new LinkedHashMap<>();
            partition.values().forEach((whole, local) -> known.put(whole, local.reference()));
            for (Choice choice : partition.choices()) {
                known.put(choice.statement().result(), choice.local().reference());
            }
            return known;
        }

        /** Where there is no such value. */
        UserError unknown(List<Partition> partitions) {
            List<String> names = partitions.stream().flatMap(partition -> known(partition).keySet().stream())
                    .map(Value::name).distinct().toList();
            return new UserError("--why-not \"" + text + "\": no value '" + value + "'"
                    + Nearest.to(value, names).map(near -> ", did you mean " + near + "?").orElse("") + "; there are "
                    + names.stream().limit(MOST).collect(Collectors.joining(", "))
                    + (names.size() > MOST ? ", ..." : ""));
        }

        /** The sharding that is asked for; what it says nothing of is as it is, without the mesh axes that it takes. */
        Sharding of(Value whole, Sharding held, SubAxes mesh) {
            List<List<String>> all = new ArrayList<>(held.split());
            TreeSet<String> partial = new TreeSet<>(held.partial());
            try {
                List<String> taken = mesh.expand(split.values().stream().flatMap(List::stream).toList());
                all.replaceAll(over -> over.stream().filter(axis -> !taken.contains(axis)).toList());
                partial.removeAll(taken);
                split.forEach((axis, over) -> {
                    List<String> expanded = mesh.expand(over);
                    expanded.forEach(mesh.mesh()::size);
                    if (axis.equals(PARTIAL)) {
                        partial.addAll(expanded);
                    } else {
                        all.set(at(whole, axis), expanded);
                    }
                });
                return new Sharding(all, partial);
            } catch (IllegalArgumentException wrong) {
                throw new UserError("--why-not \"" + text + "\": " + wrong.getMessage(), wrong);
            }
        }

        private int at(Value whole, String axis) {
            List<String> names = whole.axes().stream().map(Axis::name).toList();
            int at = names.indexOf(axis);
            if (at < 0) {
                throw new IllegalArgumentException("axis '" + axis + "' is not of " + whole.name() + " "
                        + Value.text(whole.axes())
                        + Nearest.to(axis, names).map(near -> "; did you mean '" + near + "'?").orElse(""));
            }
            return at;
        }
    }

    /** The answer of a plan, with those of others that would do as well. */
    static WhyNotReport of(Partition plan, WhyNot answer, Network network, int elementBytes, List<Plan> others) {
        Value value = answer.value();
        List<Plan> plans = Stream.concat(
                Stream.of(Plan.of("as it is", Prediction.of(plan, network, elementBytes)),
                        Plan.of(value.name() + " as " + answer.wanted().text(value.axes()),
                                Prediction.of(answer.otherwise(), network, elementBytes))),
                others.stream()).toList();
        return new WhyNotReport(value.name(), answer.held().text(value.axes()), answer.wanted().text(value.axes()),
                answer.reasons(), plans);
    }

    /** The answer for a person. */
    public String text() {
        if (held.equals(wanted)) {
            return value + " is held as " + held + "\n";
        }
        StringBuilder text = new StringBuilder(value + " is held as " + held + ", not as " + wanted + ":\n");
        reasons.forEach(reason -> text.append("  ").append(reason).append('\n'));
        Columns rows = new Columns(List.of("seconds", "FLOPs", "sent", "rounds", "memory"), "plan");
        plans.forEach(plan -> {
            if (plan.refused().isEmpty()) {
                rows.add(List.of(String.format(Locale.ROOT, "%.4g", plan.seconds()),
                        Quantity.count(plan.operations()), Quantity.bytes(plan.bytes()),
                        Integer.toString(plan.rounds()), Quantity.bytes(plan.memory())), plan.name());
            } else {
                rows.add(List.of("refused", "", "", "", ""), plan.name() + ": " + plan.refused());
            }
        });
        return text.append('\n').append(rows).append('\n').append(verdict(plans.get(0), plans.get(1))).toString();
    }

    private static String verdict(Plan now, Plan other) {
        double seconds = other.seconds() - now.seconds();
        List<String> parts = Stream.of(part("FLOPs", other.operations() - now.operations(), Quantity::count),
                part("sent", other.bytes() - now.bytes(), Quantity::bytes),
                part("rounds", other.rounds() - now.rounds(), Quantity::count),
                part("memory", other.memory() - now.memory(), Quantity::bytes)).flatMap(List::stream).toList();
        return "held so, a device takes " + String.format(Locale.ROOT, "%.3g s ", Math.abs(seconds))
                + (seconds < 0 ? "less" : "more") + ": "
                + (parts.isEmpty() ? "nothing else changes" : String.join(", ", parts)) + "\n";
    }

    private interface Reading {
        String of(double number);
    }

    private static List<String> part(String what, double more, Reading reading) {
        return more == 0
                ? List.of()
                : List.of(what + " " + reading.of(Math.abs(more)) + (more > 0 ? " more" : " less"));
    }

    /** Rules that would split a value so wherever their axes occur: of the axes that it is not split along yet. */
    static List<String> rules(WhyNot answer) {
        Value value = answer.value();
        return IntStream.range(0, value.axes().size())
                .filter(i -> !answer.wanted().split().get(i).isEmpty()
                        && !answer.wanted().split().get(i).equals(answer.held().split().get(i)))
                .mapToObj(i -> value.axes().get(i) + "=" + String.join("+", answer.wanted().split().get(i))).toList();
    }
}
