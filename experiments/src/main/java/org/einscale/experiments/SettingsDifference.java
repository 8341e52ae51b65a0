package org.einscale.experiments;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.einscale.experiments.config.FlatSettings;

/** Compares the settings of two runs by what decides the results of their trials. */
final class SettingsDifference {
    private static final List<String> FREE = List.of("sweep", "fit", "mesh", "rules", "preset", "shard");

    private SettingsDifference() {
    }

    /** One text for each setting that differs, as {@code seed (1, now 2)}, sorted by path. */
    static List<String> between(Config earlier, Config now) {
        Map<String, String> left = FlatSettings.of(earlier);
        Map<String, String> right = FlatSettings.of(now);
        TreeSet<String> paths = new TreeSet<>(left.keySet());
        paths.addAll(right.keySet());
        List<String> differences = new ArrayList<>();
        for (String path : paths) {
            String before = left.getOrDefault(path, "not set");
            String after = right.getOrDefault(path, "not set");
            if (!before.equals(after) && decidesTrials(path)) {
                differences.add("%s (%s, now %s)".formatted(path, before, after));
            }
        }
        return differences;
    }

    /**
     * Which trials there are, how many run at a time, over which devices each is split and how the law is fitted leave a trial
     * as it is, but for its last bits.
     */
    private static boolean decidesTrials(String path) {
        return FREE.stream().noneMatch(free -> path.equals(free) || path.startsWith(free + "."));
    }
}
