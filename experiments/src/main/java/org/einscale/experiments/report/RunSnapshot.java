package org.einscale.experiments.report;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Rung;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.TrialStatus;
import org.einscale.scaling.table.Run;

/**
 * A run at a moment, as its files tell.
 *
 * @param folder where the files are
 * @param experiment what is run
 * @param trials in the order of the experiment
 * @param searched short trainings that search learning rates
 * @param now the moment
 */
public record RunSnapshot(RecordedRun folder, Experiment experiment, List<TrialStatus> trials,
        List<TrialStatus> searched, Instant now) {

    /**
     * Reads the files.
     *
     * @throws org.einscale.scaling.ScalingException where one is damaged
     */
    public static RunSnapshot of(RecordedRun folder, Instant now) {
        Experiment experiment = folder.experiment();
        List<String> names = Stream
                .concat(experiment.ladder().stream(), Stream.of(experiment.alone())).map(Rung::name).toList();
        return new RunSnapshot(folder, experiment, TrialStatus.read(folder.path(), names),
                Files.isDirectory(folder.search())
                        ? TrialStatus.read(folder.search(), TrialStatus.names(folder.search()))
                        : List.of(),
                now);
    }

    /** All trainings, those of a search first. */
    List<TrialStatus> all() {
        return Stream.concat(searched.stream(), trials.stream()).toList();
    }

    /** The trials that are doing something at the moment. */
    List<TrialStatus> in(TrialStatus.State state) {
        return all().stream().filter(trial -> trial.state(now) == state).toList();
    }

    /** Rows of the trials that have ended. */
    List<Run> runs() {
        return trials.stream().flatMap(trial -> trial.run().stream()).toList();
    }

    /** Whether all trials have ended. */
    public boolean isOver() {
        return !trials.isEmpty() && all().stream().allMatch(trial -> trial.run().isPresent());
    }

    /**
     * Time that all the rest takes if what trains now goes on at its present speed and the others take its place, by 6 N D; empty where
     * nothing trains.
     */
    Optional<Duration> left() {
        double speed = in(TrialStatus.State.TRAINING).stream()
                .mapToDouble(trial -> trial.n() * trial.progress().map(Progress::tokensPerSecond).orElse(0.0))
                .filter(Double::isFinite).sum();
        double rest = all().stream().filter(trial -> trial.run().isEmpty())
                .mapToDouble(trial -> (double) trial.n() * (trial.steps() - trial.step()) * trial.batchTokens()).sum();
        return speed > 0 ? Optional.of(Duration.ofSeconds(Math.round(rest / speed))) : Optional.empty();
    }
}
