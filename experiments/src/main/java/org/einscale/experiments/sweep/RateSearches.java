package org.einscale.experiments.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.FlatSettings;
import org.einscale.experiments.config.LearningRate;
import org.einscale.experiments.config.Rung;
import org.einscale.scaling.sweep.RateSearch;
import org.einscale.scaling.table.Run;
import org.einscale.tensor.machine.Machine;

/**
 * The learning rates that a ladder asks to be searched: which short trainings that takes, and the ladder with what they found.
 * Rungs that differ only in length and seed share one search.
 */
final class RateSearches {
    private static final String RATE = "training.learning-rate";
    private static final List<String> SHARED = List.of("seed", "training.tokens", "training.steps", "training.flops",
            "training.tokens-per-parameter");

    private final List<Rung> ladder;
    private final List<Size> sizes;

    RateSearches(List<Rung> ladder) {
        this.ladder = ladder;
        Map<Map<String, String>, List<Rung>> alike = new LinkedHashMap<>();
        ladder.stream().filter(RateSearches::asks)
                .forEach(rung -> alike.computeIfAbsent(key(rung), key -> new ArrayList<>()).add(rung));
        this.sizes = alike.values().stream().map(Size::new).toList();
    }

    private static boolean asks(Rung rung) {
        return rung.settings().training().learningRate() instanceof LearningRate.Search;
    }

    private static Map<String, String> key(Rung rung) {
        Map<String, String> settings = new TreeMap<>(FlatSettings.of(rung.resolved()));
        settings.keySet().removeAll(SHARED);
        return settings;
    }

    /** Whether there is nothing to search. */
    boolean isEmpty() {
        return sizes.isEmpty();
    }

    /**
     * The short trainings that the ranges ask for, and those that an earlier start has added.
     *
     * @param earlier what had ended then
     */
    List<Rung> first(List<Run> earlier) {
        return sizes.stream()
                .flatMap(size -> Stream.concat(size.range().stream(), size.losses(earlier).keySet().stream()).distinct()
                        .map(size::trial))
                .toList();
    }

    /** The short trainings to add, as the best of some size lies at an end of what was tried. */
    List<Rung> more(List<Run> ended) {
        return sizes.stream()
                .flatMap(size -> size.result(ended).next(size.search().count()).stream().map(size::trial)).toList();
    }

    /** What was found at each size. */
    List<RateSearch> results(List<Run> ended) {
        return sizes.stream().map(size -> size.result(ended)).toList();
    }

    /**
     * The ladder with the rates found.
     *
     * @throws org.einscale.scaling.ScalingException if all short trainings of a size diverged
     */
    List<Rung> tuned(List<Run> ended) {
        Map<String, Double> rates = new LinkedHashMap<>();
        sizes.forEach(size -> size.rungs().forEach(rung -> rates.put(rung.name(), size.result(ended).rate())));
        return ladder.stream()
                .map(rung -> rates.containsKey(rung.name())
                        ? rung.with(rung.name(), Map.of(RATE, rates.get(rung.name())))
                        : rung)
                .toList();
    }

    /** Rungs that one search is for. */
    private record Size(List<Rung> rungs) {

        LearningRate.Search search() {
            return (LearningRate.Search) rungs.getFirst().settings().training().learningRate();
        }

        List<Double> range() {
            return RateSearch.range(search().low(), search().high(), search().count());
        }

        private String name(double rate) {
            return rungs.getFirst().name() + "-rate" + rate;
        }

        Rung trial(double rate) {
            long shortest = rungs.stream()
                    .mapToLong(rung -> TrainerSettings.training(rung.settings(), Machine.typical()).steps()).min()
                    .orElseThrow();
            return rungs.getFirst().with(name(rate), Map.of(RATE, rate, "training.steps",
                    Math.max(1, Math.round(search().share() * shortest)), "training.evaluate-every", 0));
        }

        SortedMap<Double, Double> losses(List<Run> ended) {
            SortedMap<Double, Double> losses = new TreeMap<>();
            own(ended).forEach(run -> losses.put(run.learningRate(),
                    run.status() == Run.Status.FINISHED ? run.valLoss() : Double.POSITIVE_INFINITY));
            return losses;
        }

        private Stream<Run> own(List<Run> ended) {
            return ended.stream().filter(run -> run.trial().equals(name(run.learningRate())));
        }

        RateSearch result(List<Run> ended) {
            return new RateSearch(rungs.getFirst().name(), own(ended).findFirst().orElseThrow().n(), losses(ended));
        }
    }
}
