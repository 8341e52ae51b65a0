package org.einscale.sharding;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a training is split over devices.
 *
 * @param rules
 *            with their mesh
 * @param keepsParameters
 *            whether a parameter that was gathered for one operation is kept for the next that reads it
 * @param network
 *            by which ways to split are compared
 */
public record Splitting(Rules rules, boolean keepsParameters, Network network) {

    /** All on one device. */
    public static final Splitting NONE = new Splitting(Rules.of(Mesh.of(""), ""), true, Network.LOCAL);

    /**
     * Rules of one's own and those of presets; with neither, sequences are shared along a mesh axis called data.
     *
     * @throws ShardingError
     *             if no rule names a mesh axis that has several devices
     */
    public static Splitting of(Mesh mesh, List<Rule> own, Collection<Preset> presets) {
        Collection<Preset> all = own.isEmpty() && presets.isEmpty() && mesh.axes().containsKey("data")
                ? List.of(Preset.DATA)
                : presets;
        Rules rules = Preset.rules(mesh, own, all);
        mesh.axes().forEach((axis, size) -> {
            if (size > 1 && rules.rules().stream().noneMatch(rule -> rule.over().contains(axis))) {
                throw new ShardingError("no rule splits anything along mesh axis '" + axis + "', whose " + size
                        + " devices would all do the same; expected a rule such as b=" + axis
                        + ", or a preset along it: there are some along data, model, context and stage");
            }
        });
        return new Splitting(rules, Preset.keepsParameters(all), Network.LOCAL);
    }

    /** The mesh axis along which the layers of a model are dealt out to stages, if a rule says so. */
    public Optional<String> stages() {
        return rules.stages();
    }

    /** The same for the devices of one stage. */
    public Splitting ofStage() {
        return new Splitting(rules.ofStage(), keepsParameters, network);
    }

    public Mesh mesh() {
        return rules.mesh();
    }

    /** Whether there is more than one device. */
    public boolean split() {
        return mesh().devices() > 1;
    }
}
