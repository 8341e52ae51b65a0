package org.einscale.experiments.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Map<Trunk, List<String>> alike = trainings.entrySet().stream().collect(Collectors.groupingBy(
                entry -> Trunk.of(entry.getValue()), LinkedHashMap::new,
                Collectors.mapping(Map.Entry::getKey, Collectors.toCollection(ArrayList::new))));
        SortedMap<String, String> longest = new TreeMap<>();
        for (List<String> names : alike.values()) {
            names.sort(Comparator.comparingLong(name -> shared(trainings, name)));
            String last = names.removeLast();
            names.stream().filter(name -> shared(trainings, name) > 0).forEach(name -> longest.put(name, last));
        }
        return new Trunks(longest);
    }

    private static long shared(Map<String, PreparedTraining> trainings, String name) {
        PreparedTraining training = trainings.get(name);
        return training == null ? 0 : Trunk.steps(training.spec());
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
