package org.einscale.experiments.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.Provenance;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.RunFolder;
import org.einscale.experiments.RunLog;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.progress.ProgressDisplay;
import org.einscale.scaling.file.FolderLock;
import org.einscale.scaling.sweep.Sweep;
import org.einscale.scaling.sweep.SweepStopped;
import org.einscale.scaling.sweep.Trial;
import org.einscale.scaling.sweep.Workers;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.TrainingData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An experiment run in its folder: every rung of a ladder trained, or those that are still to train.
 *
 * @param command the subcommand that runs it
 * @param commandLine its arguments
 * @param experiment where the settings come from
 * @param ladder what to train
 * @param machine what a run that begins is planned for
 * @param workplace where trials are trained
 * @param warnings gets each thing that the models may not mean, once
 */
public record ExperimentRun(String command, List<String> commandLine, Experiment experiment, List<Rung> ladder,
        Supplier<Profile> machine, Workplace workplace, Consumer<String> warnings) {

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentRun.class);

    private static final Pattern SHELL_WORD = Pattern.compile("[\\w@%+=:,./-]+", Pattern.UNICODE_CHARACTER_CLASS);

    /** What is done with the folder and its tables when all trials have ended. */
    @FunctionalInterface
    public interface Completion {
        void complete(RunFolder folder, List<Run> runs);
    }

    /**
     * Trains, then completes.
     *
     * @return a row for each trial, finished or failed
     * @throws org.einscale.experiments.UserError if the folder is not for this experiment
     * @throws RunFailed if it was interrupted
     */
    public List<Run> in(Path path, boolean fresh, Completion completion) {
        TrainingData data = TrainerSettings.data(experiment.settings());
        List<TrialPlan> plans = TrialPlan.of(ladder, data);
        Provenance provenance = Provenance.now(command, commandLine, experiment, data.checksum());
        try (RunFolder folder = RunFolder.open(path, fresh, experiment, provenance);
                RunLog log = new RunLog(folder.log())) {
            TrialPlan.warnings(plans).forEach(this::warn);
            Profile profile = RunMachine.of(folder.machine(), machine);
            Function<List<TrialPlan>, Workers> workers = trials -> workplace
                    .workers(TrialPlan.trainings(trials, profile, provenance));
            RateSearches searches = new RateSearches(ladder);
            List<TrialPlan> tuned = searches.isEmpty()
                    ? plans
                    : TrialPlan.of(searched(searches, folder, data, workers), data);
            List<Run> runs = train(folder.path(), folder.lock(), tuned, workers.apply(tuned), true);
            completion.complete(folder, runs);
            return runs;
        }
    }

    /** The ladder with its learning rates, after all short trainings. */
    private List<Rung> searched(RateSearches searches, RunFolder folder, TrainingData data,
            Function<List<TrialPlan>, Workers> workers) {
        List<Rung> trials = new ArrayList<>();
        Path table = folder.search().resolve("runs.csv");
        List<Run> ended = Files.exists(table) ? RunTable.read(table) : List.of();
        for (List<Rung> more = searches.first(ended); !more.isEmpty(); more = searches.more(ended)) {
            trials.addAll(more);
            List<TrialPlan> plans = TrialPlan.of(trials, data);
            try (FolderLock lock = FolderLock.take(folder.search())) {
                ended = train(folder.search(), lock, plans, workers.apply(plans), trials.size() == more.size());
            }
        }
        SweepReport.rates(folder, searches.results(ended));
        return searches.tuned(ended);
    }

    private void warn(String text) {
        warnings.accept(text);
        LOG.info("warning: {}", text);
    }

    private List<Run> train(Path path, FolderLock lock, List<TrialPlan> plans, Workers workers,
            boolean tellsKept) {
        List<Trial> trials = plans.stream().map(TrialPlan::trial).toList();
        String advice = "interrupted; to go on: " + commandToGoOn();
        try (Interruption interruption = new Interruption(advice);
                ProgressDisplay progress = ProgressDisplay.onStandardError()) {
            Settings.Sweep asked = experiment.settings().sweep();
            return new Sweep(path, trials, workers, asked.onFailure()).run(lock, asked.atOnce(),
                    new SweepProgress(progress, tellsKept));
        } catch (SweepStopped stopped) {
            throw new RunFailed(stopped.getMessage() + "; stopped, as sweep.on-failure says; to go on: "
                    + commandToGoOn(), stopped);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RunFailed(advice);
        }
    }

    /** The command as it was given, to be pasted into a shell, without what would delete the run. */
    private String commandToGoOn() {
        return Stream.concat(Stream.of("einscale"), commandLine.stream().filter(word -> !word.equals("--fresh")))
                .map(word -> SHELL_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

}
