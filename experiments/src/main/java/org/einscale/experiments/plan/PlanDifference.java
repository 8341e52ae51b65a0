package org.einscale.experiments.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that two plans do not have in common.
 *
 * @param group
 *            what it is about: devices, model, values, statements, exchanges or a device
 * @param what
 *            the name of it
 * @param first
 *            what the first plan says
 * @param second
 *            what the other says
 */
public record PlanDifference(String group, String what, String first, String second) {
    private static final String ABSENT = "-";

    /** All of them. */
    public static List<PlanDifference> between(PlanFile first, PlanFile second) {
        List<PlanDifference> all = new ArrayList<>();
        add("devices", told(first), told(second), all);
        List<PlanDifference> models = ofModels(first, second);
        all.addAll(models);
        if (models.isEmpty()) {
            add("model", Map.of("program", first.model().fingerprint()),
                    Map.of("program", second.model().fingerprint()), all);
        }
        add("values", first.values(), second.values(), all);
        add("statements", statements(first), statements(second), all);
        add("exchanges", exchanges(first), exchanges(second), all);
        add("a device", device(first.device()), device(second.device()), all);
        return all;
    }

    /** Those between what is trained, as far as sizes and parameters tell. */
    static List<PlanDifference> ofModels(PlanFile first, PlanFile second) {
        List<PlanDifference> all = new ArrayList<>();
        add("model", model(first.model()), model(second.model()), all);
        return all;
    }

    private static void add(String group, Map<String, String> first, Map<String, String> second,
            List<PlanDifference> all) {
        Set<String> names = new LinkedHashSet<>(first.keySet());
        names.addAll(second.keySet());
        for (String name : names) {
            String a = first.getOrDefault(name, ABSENT);
            String b = second.getOrDefault(name, ABSENT);
            if (!a.equals(b)) {
                all.add(new PlanDifference(group, name, a, b));
            }
        }
    }

    private static Map<String, String> told(PlanFile plan) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("mesh", plan.mesh().isEmpty()
                ? "one device"
                : plan.mesh().entrySet().stream().map(axis -> axis.getKey() + "=" + axis.getValue())
                        .collect(Collectors.joining(", ")));
        told.put("rules", plan.rules().isEmpty() ? "none" : String.join(", ", plan.rules()));
        told.put("gathered parameters", plan.keepsParameters() ? "kept in a step" : "gathered at each use");
        return told;
    }

    private static Map<String, String> model(PlanFile.Subject model) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("precision", model.precision());
        model.sizes().forEach((axis, size) -> facts.put("axis " + axis, Integer.toString(size)));
        facts.putAll(model.parameters());
        return facts;
    }

    private static Map<String, String> statements(PlanFile plan) {
        Map<String, String> statements = new LinkedHashMap<>();
        plan.statements().forEach(statement -> statements.put(statement.value(),
                statement.made() + " by " + statement.along()));
        return statements;
    }

    /** By the value, as one may be exchanged several times. */
    private static Map<String, String> exchanges(PlanFile plan) {
        Map<String, String> exchanges = new LinkedHashMap<>();
        plan.collectives().forEach(collective -> exchanges.merge(collective.value(), collective.op() + " over "
                + String.join("+", collective.over()) + " " + collective.bytes() + " B", (a, b) -> a + ", " + b));
        return exchanges;
    }

    private static Map<String, String> device(PlanFile.Device device) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("bytes sent", Long.toString(device.bytes()));
        facts.put("rounds", Integer.toString(device.rounds()));
        facts.put("multiplications", String.format(Locale.ROOT, "%.0f", device.multiplications()));
        facts.put("bytes of memory", Long.toString(device.memory()));
        facts.put("predicted seconds", String.format(Locale.ROOT, "%.6g", device.seconds()));
        return facts;
    }

    /** A line for each, under the names of the two plans. */
    public static String table(List<PlanDifference> differences, String first, String second) {
        int name = width(differences.stream().map(d -> "  " + d.what()).toList(), "");
        int middle = width(differences.stream().map(PlanDifference::first).toList(), first);
        StringBuilder text = new StringBuilder(line("", name, first, middle, second));
        String group = "";
        for (PlanDifference difference : differences) {
            if (!difference.group().equals(group)) {
                group = difference.group();
                text.append(group).append('\n');
            }
            text.append(line("  " + difference.what(), name, difference.first(), middle, difference.second()));
        }
        return text.toString();
    }

    private static int width(List<String> texts, String heading) {
        return Math.max(heading.length(), texts.stream().mapToInt(String::length).max().orElse(0));
    }

    private static String line(String what, int name, String first, int middle, String second) {
        return what + " ".repeat(name - what.length() + 2) + first + " ".repeat(middle - first.length() + 2) + second
                + "\n";
    }
}
