package org.einscale.trainer.layer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * What names of axes mean within one application of a layer: those that an input has are the input's, then those that the
 * model gives are the model's, all others are the layer's own. Names in {@link Layer#local} are its own in any case.
 */
final class AxisScope {
    private final AxisNames names;
    private final Layer layer;
    private final String place;
    private final @Nullable AxisScope caller;
    private final Map<String, Axis> known = new HashMap<>();
    private final Set<String> received = new HashSet<>();
    private final SequencedSet<String> solving = new LinkedHashSet<>();

    /**
     * @param place what tells this application from others
     * @param caller of the layer that applies this one, null if none does
     */
    AxisScope(AxisNames names, Layer layer, String place, @Nullable AxisScope caller, List<Pending> inputs) {
        this.names = names;
        this.layer = layer;
        this.place = place;
        this.caller = caller;
        inputs.stream().flatMap(input -> input.axes().stream()).forEach(this::receive);
        layer.sizes().values().forEach(this::solve);
    }

    /** The same with what else has been learned about axes. */
    AxisScope(AxisNames names, AxisScope other) {
        this.names = names;
        this.layer = other.layer;
        this.place = other.place;
        this.caller = other.caller;
        this.known.putAll(other.known);
        this.received.addAll(other.received);
        this.solving.addAll(other.solving);
    }

    private void receive(Axis axis) {
        String name = names.name(axis);
        if (layer.local().contains(name)) {
            throw new IllegalArgumentException("layer '" + layer.name() + "' keeps the name '" + name
                    + "' for itself, but an input has an axis of that name; name that one differently");
        }
        received.add(name);
        Axis other = known.put(name, axis);
        if (other != null && !other.equals(axis)) {
            throw new IllegalArgumentException("layer '" + layer.name() + "' is applied to two axes '" + name
                    + "', of " + names.sizeText(other) + " and of " + names.sizeText(axis) + "; expected one");
        }
    }

    /** Finds the size that a rule gives, and first those that it needs. */
    private void solve(LayerStep rule) {
        String name = rule.name();
        if (isModels(name)) {
            return;
        }
        SizeRule sizeRule = new SizeRule(rule);
        Map<String, Integer> needed = new TreeMap<>();
        solving.add(name);
        for (Expression.Name need : rule.expression().names().toList()) {
            need(sizeRule, need).ifPresent(size -> needed.put(need.name(), size));
        }
        solving.remove(name);
        if (rule.expression().names().allMatch(need -> needed.containsKey(need.name()))) {
            settle(sizeRule, sizeRule.size(needed));
        }
    }

    private void settle(SizeRule rule, int size) {
        String name = rule.rule().name();
        Axis received = known.get(name);
        if (received == null) {
            known.put(name, names.made(name, size));
        } else if (!names.settle(received, size)) {
            throw rule.rule().error(0,
                    "the rule says " + size + ", but an input has the axis with " + names.sizeText(received)
                            + "; make them agree, or name one of them differently");
        }
    }

    private OptionalInt need(SizeRule rule, Expression.Name need) {
        String name = need.name();
        if (solving.contains(name)) {
            String circle = solving.stream().dropWhile(n -> !n.equals(name)).collect(Collectors.joining(" -> "));
            throw rule.rule().error(need.at(), "the sizes go in a circle: " + circle + " -> " + name);
        }
        LayerStep other = layer.sizes().get(name);
        if (other != null && !known.containsKey(name)) {
            solve(other);
        }
        Axis axis = find(name).or(() -> inherited(name)).orElseThrow(() -> {
            Set<String> others = new TreeSet<>(known.keySet());
            others.addAll(layer.sizes().keySet());
            names.sizes().axes().forEach(each -> others.add(each.name()));
            return rule.rule().error(need.at(), "axis '" + name + "' has no size; give model.axes." + name
                    + Nearest.to(name, others, near -> solves(rule.rule(), need, near))
                            .map(near -> "; did you mean '" + near + "'?").orElse(""));
        });
        return names.size(axis);
    }

    /** Whether a rule gives a size if it names another axis in the place of one. */
    private boolean solves(LayerStep rule, Expression.Name need, String other) {
        String line = rule.rewritten(need.at(), need.name(), other);
        return names.allow(trial -> new AxisScope(trial, this).solve(
                new LayerStep(rule.name(), LayerParser.expression(rule.where(), line), line, rule.where())));
    }

    /** The axis of this name that an input, the model or an earlier step has. */
    Optional<Axis> find(String name) {
        return Optional.ofNullable(known.get(name))
                .or(() -> isModels(name) ? Optional.of(new Axis(name)) : Optional.empty());
    }

    private boolean isModels(String name) {
        return names.isGiven(name) && !layer.local().contains(name);
    }

    /** What the layers that apply this one call so: the last resort. */
    private Optional<Axis> inherited(String name) {
        AxisScope from = caller;
        return from == null || layer.local().contains(name)
                ? Optional.empty()
                : Optional.ofNullable(from.known.get(name)).or(() -> from.inherited(name));
    }

    /** The axis of this name, which may have no size yet. */
    Axis named(String name) {
        Axis axis = find(name).or(() -> inherited(name)).orElseGet(() -> names.open(name, place));
        known.put(name, axis);
        return axis;
    }

    /**
     * The axis of this name that a step makes with a size.
     *
     * @throws IllegalArgumentException if the name has another size here
     */
    Axis made(String name, int size) {
        Axis axis = find(name).orElseGet(() -> names.made(name, size));
        known.put(name, axis);
        if (!names.settle(axis, size)) {
            throw new IllegalArgumentException("axis '" + name + "' is " + size + " here, but " + names.sizeText(axis)
                    + (received.contains(name)
                            ? " in an input; give one of them another name"
                            : isModels(name)
                                    ? " in the model; rename it, or say local = [" + name + "] if it is the layer's own"
                                    : " before; give one of them another name"));
        }
        return axis;
    }

    /**
     * What an axis is split into.
     *
     * @param product whether the size is the parts' product, else it is their sum
     * @throws IllegalArgumentException if the sizes do not work out
     */
    List<Axis> parts(Axis whole, List<String> parts, boolean product) {
        OptionalInt total = names.size(whole);
        List<String> open = parts.stream().filter(part -> size(part).isEmpty()).toList();
        if (total.isPresent() && open.stream().distinct().count() <= 1) {
            int rest = rest(total.getAsInt(), parts, product);
            int share = product || open.isEmpty() ? rest : rest / open.size();
            boolean fits = open.isEmpty()
                    ? rest == (product ? 1 : 0)
                    : rest >= 0 && (product || rest % open.size() == 0);
            if (!fits) {
                throw new IllegalArgumentException("axis '" + names.name(whole) + "' of size " + total.getAsInt()
                        + " cannot be laid out as [" + String.join(product ? " " : " + ", parts) + "]"
                        + parts.stream().distinct().filter(part -> size(part).isPresent())
                                .map(part -> " " + part + "=" + size(part).getAsInt())
                                .collect(Collectors.joining("", parts.size() == open.size() ? "" : " with", "")));
            }
            open.stream().findFirst().ifPresent(part -> made(part, share));
        }
        return parts.stream().map(this::named).toList();
    }

    /** What the parts of known size leave, -1 if they do not fit. */
    private int rest(int total, List<String> parts, boolean product) {
        int rest = total;
        for (String part : parts) {
            OptionalInt size = size(part);
            if (size.isPresent()) {
                int known = size.getAsInt();
                rest = product ? known > 0 && rest % known == 0 ? rest / known : -1 : rest - known;
            }
            if (rest < 0) {
                return -1;
            }
        }
        return rest;
    }

    /** The size of the axis of this name, if both are known here. */
    OptionalInt size(String name) {
        return find(name).map(names::size).orElse(OptionalInt.empty());
    }
}
