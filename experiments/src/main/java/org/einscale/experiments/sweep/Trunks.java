package org.einscale.experiments.sweep;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.Trunk;

/**
 * Trainings that begin alike: the longest does for all what they have in common.
 *
 * @param longest the name of the longest by that of each other
 */
record Trunks(SortedMap<String, String> longest) {

    /** Those among trainings, which are given by name. */
    static Trunks of(Map<String, PreparedTraining> trainings) {
        Map<Trunk, List<String>> alike = new TreeMap<>(trainings).entrySet().stream().collect(Collectors.groupingBy(
                entry -> Trunk.of(entry.getValue()), Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        SortedMap<String, String> longest = new TreeMap<>();
        for (List<String> names : alike.values()) {
            String last = Collections.max(names, Comparator.comparingLong(name -> shared(trainings, name)));
            names.stream().filter(name -> !name.equals(last) && shared(trainings, name) > 0)
                    .forEach(name -> longest.put(name, last));
        }
        return new Trunks(longest);
    }

    private static long shared(Map<String, PreparedTraining> trainings, String name) {
        return Trunk.steps(Objects.requireNonNull(trainings.get(name)).spec());
    }

    /** The training that does for another what both have in common. */
    Optional<String> of(String name) {
        return Optional.ofNullable(longest.get(name));
    }

    /** The trainings for which one does that. */
    List<String> branches(String name) {
        return longest.entrySet().stream().filter(entry -> entry.getValue().equals(name)).map(Map.Entry::getKey)
                .toList();
    }
}
