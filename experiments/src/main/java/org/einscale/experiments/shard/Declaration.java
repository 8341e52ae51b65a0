package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.UserError;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.SubAxes;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;

/**
 * How one tensor is said to be split: {@code i=x+y, partial=z}.
 *
 * @param place
 *            the option with its text, for errors
 */
record Declaration(String place, List<Entry> entries) {
    private static final String PARTIAL = "partial";

    /** Mesh axes, major to minor, by an axis of the tensor or {@value #PARTIAL}. */
    private record Entry(String axis, List<String> over) {}

    /**
     * Reads the text of an option.
     *
     * @throws UserError
     *             if it has another form
     */
    static Declaration of(String option, String text) {
        String place = option + " \"" + text + "\"";
        List<Entry> entries = new ArrayList<>();
        for (String item : text.isBlank() ? new String[0] : text.split(",", -1)) {
            String[] sides = item.strip().split("\\s*=\\s*", -1);
            if (sides.length != 2 || sides[0].isEmpty()) {
                throw new UserError(place + ": found '" + item.strip()
                        + "'; expected AXIS=MESH_AXIS, as in j=x, j=x+y or partial=x");
            }
            entries.add(new Entry(sides[0],
                    sides[1].isEmpty() ? List.of() : Arrays.asList(sides[1].split("\\s*\\+\\s*", -1))));
        }
        return new Declaration(place, entries);
    }

    /** Mesh axes and factors of them that the text names, all of which the mesh has. */
    Stream<String> mentioned(Mesh mesh) {
        List<String> names = entries.stream().flatMap(entry -> entry.over().stream()).toList();
        checked(() -> SubAxes.of(mesh, names));
        return names.stream();
    }

    /**
     * The sharding of a tensor. Of an axis that stands several times, the first entry is about the first place.
     *
     * @param term
     *            names of its axes in the equation
     */
    Sharding of(List<Axis> term, SubAxes mesh) {
        List<List<String>> split = new ArrayList<>(term.stream().map(_ -> List.<String>of()).toList());
        List<Integer> free = new ArrayList<>(IntStream.range(0, term.size()).boxed().toList());
        TreeSet<String> partial = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry.axis().equals(PARTIAL)) {
                partial.addAll(mesh.expand(entry.over()));
                continue;
            }
            Integer at = free.stream().filter(i -> term.get(i).name().equals(entry.axis())).findFirst()
                    .orElseThrow(() -> noPlace(entry, term));
            free.remove(at);
            split.set(at, mesh.expand(entry.over()));
        }
        return checked(() -> new Sharding(split, partial));
    }

    private UserError noPlace(Entry entry, List<Axis> term) {
        List<String> names = term.stream().map(Axis::name).toList();
        int places = (int) names.stream().filter(entry.axis()::equals).count();
        return new UserError(place + ": " + (places == 0
                ? "axis '" + entry.axis() + "' is not of " + Value.text(term)
                        + Nearest.to(entry.axis(), names).map(near -> "; did you mean '" + near + "'?").orElse("")
                : "axis '" + entry.axis() + "' is split more often than it stands in " + Value.text(term)
                        + "; join mesh axes as in " + entry.axis() + "=x+y"));
    }

    private <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw new UserError(place + ": " + wrong.getMessage(), wrong);
        }
    }
}
