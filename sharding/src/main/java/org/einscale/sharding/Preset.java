package org.einscale.sharding;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.tensor.Nearest;

/** Ways to split a Transformer that have a name. Each is nothing but rules, and several together are all of their rules. */
public enum Preset {
    /** Every device has the model, and its share of the sequences. */
    DATA("b=data"),
    /** Besides, states of the optimizer are split: ZeRO-1 (Rajbhandari et al. 2020). */
    ZERO1("b=data, optimizer.*=data"),
    /** The same rules as ZeRO-1: a gradient is split as soon as it is summed (ZeRO-2). */
    ZERO2("b=data, optimizer.*=data"),
    /** Besides, parameters are split, and gathered anew wherever they are read: FSDP, or ZeRO-3 (Zhao et al. 2023). */
    FSDP("b=data, parameters.*=data"),
    /** Heads and the width of MLPs are split (Shoeybi et al. 2019). */
    MEGATRON("h=model, f=model"),
    /** Besides, between those the positions are split (Korthikanti et al. 2022). */
    SEQUENCE("h=model, f=model, l=model", "l=model"),
    /** The vocabulary is split: in the embedding, the head and the cross-entropy. */
    VOCABULARY("v=model"),
    /** Experts are dealt out to the devices that share the sequences (Lepikhin et al. 2020). */
    EXPERT("e=data, b=data", "e=data"),
    /** Positions are split everywhere; keys and values are gathered. */
    CONTEXT("l=context", "l=context"),
    /** Layers are dealt out to stages, which micro-batches pass one behind the other (Narayanan et al. 2019). */
    PIPELINE("layers=stage");

    private final String rules;
    private final String moving;

    Preset(String rules) {
        this(rules, "");
    }

    /**
     * @param moving
     *            that of the rules by which values move to and fro between operations
     */
    Preset(String rules, String moving) {
        this.rules = rules;
        this.moving = moving;
    }

    /** As it is written in a configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The preset with such a name.
     *
     * @throws ShardingError
     *             if there is none, with those that there are
     */
    public static Preset of(String name) {
        List<String> names = Stream.of(values()).map(Preset::text).toList();
        return Stream.of(values()).filter(preset -> preset.text().equals(name)).findFirst()
                .orElseThrow(() -> new ShardingError("no preset '" + name + "'"
                        + Nearest.to(name, names).map(near -> ", did you mean " + near + "?").orElse("")
                        + "; there are " + String.join(", ", names)));
    }

    /**
     * Rules of presets, after those of one's own, which are stronger. Presets that split single layers come first.
     *
     * @throws IllegalArgumentException
     *             if the mesh lacks an axis that a rule names
     */
    public static Rules rules(Mesh mesh, List<Rule> own, Collection<Preset> presets) {
        Stream<Rule> given = presets.stream().sorted((a, b) -> b.compareTo(a))
                .flatMap(preset -> Rules.of(mesh, preset.rules).rules().stream())
                .sorted((a, b) -> Boolean.compare(a.axis().equals(Rule.ANY), b.axis().equals(Rule.ANY)));
        return new Rules(mesh, Stream.concat(own.stream(), given).distinct().toList());
    }

    /** Whether values are to move to and fro by a rule, as it is one of a preset by which they do and whose rules are all there. */
    public static boolean moves(Rule rule, Collection<Rule> all) {
        Set<String> texts = all.stream().map(Rule::toString).collect(Collectors.toSet());
        return Stream.of(values()).anyMatch(preset -> preset.moving.equals(rule.toString())
                && texts.containsAll(List.of(preset.rules.split(", "))));
    }

    /** Whether parameters are to be gathered wherever they are read, and not kept. */
    public static boolean keepsParameters(Collection<Preset> presets) {
        return !presets.contains(FSDP);
    }
}
