package org.einscale.experiments.sweep;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.Trial;
import org.einscale.scaling.sweep.TrialFailure;
import org.einscale.scaling.sweep.TrialListener;
import org.einscale.scaling.sweep.TrialResult;
import org.einscale.scaling.sweep.TrialRunner;
import org.einscale.scaling.table.Evaluation;
import org.einscale.trainer.LossPoint;
import org.einscale.trainer.Meshes;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.Training;
import org.einscale.trainer.TrainingDiverged;
import org.einscale.trainer.TrainingInterrupted;
import org.einscale.trainer.TrainingListener;
import org.einscale.trainer.TrainingResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the trials of a sweep: what the sweep asks for, said to the trainer, and its answers said to the sweep.
 *
 * @param trainings by the names of trials
 * @param meshes where their devices come from
 * @param trunks which of them begin alike
 */
record TrialTraining(Map<String, PreparedTraining> trainings, Function<PreparedTraining, Meshes> meshes,
        Trunks trunks) implements TrialRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TrialTraining.class);
    private static final long REPORT_NANOS = 50_000_000;

    /** With all that they have in common computed once. */
    TrialTraining(Map<String, PreparedTraining> trainings, Function<PreparedTraining, Meshes> meshes) {
        this(trainings, meshes, Trunks.of(trainings));
    }

    @Override
    public Optional<String> trunk(Trial trial) {
        return trunks.of(trial.name());
    }

    @Override
    public TrialResult run(Trial trial, Path folder, TrialListener listener) throws InterruptedException {
        PreparedTraining prepared = Objects.requireNonNull(trainings.get(trial.name()));
        LOG.info("{}: {} parameters without embeddings, {} steps of {} tokens", trial.name(), trial.n(),
                trial.steps(), trial.batchTokens());
        return train(trial.name(), prepared, folder, listener, meshes.apply(prepared),
                training -> trunks.branches(trial.name()).forEach(name -> training.share(
                        Objects.requireNonNull(trainings.get(name)), folder.resolveSibling(name),
                        () -> listener.branched(name))));
    }

    /** As {@link TrialRunner#run} says, alone. */
    static TrialResult train(String name, PreparedTraining prepared, Path folder, TrialListener listener,
            Meshes meshes) throws InterruptedException {
        return train(name, prepared, folder, listener, meshes, _ -> {
        });
    }

    private static TrialResult train(String name, PreparedTraining prepared, Path folder, TrialListener listener,
            Meshes meshes, Consumer<Training> before) throws InterruptedException {
        try (Training training = new Training(prepared, Optional.of(folder), new Reporter(name, listener), meshes)) {
            before.accept(training);
            if (training.steps() > 0) {
                LOG.info("{}: goes on from step {}", name, training.steps());
            }
            return result(training.run());
        } catch (TrainingDiverged diverged) {
            LOG.info("{}: diverged", name, diverged);
            throw new TrialFailure(diverged.step(), String.valueOf(diverged.getMessage()));
        } catch (TrainingInterrupted interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        } catch (RuntimeException | Error failed) {
            // The sweep keeps one line of it; at this level the log has the whole and the terminal nothing.
            LOG.info("{}: failed", name, failed);
            throw failed;
        }
    }

    private static TrialResult result(TrainingResult result) {
        return new TrialResult(result.trainLoss(), result.validationLoss(), result.bitsPerByte(),
                result.time().seconds(), result.tokensPerSecond(), result.time().warmup());
    }

    /** Passes on what the trainer tells after every step, but not more often than an eye can follow. */
    private static final class Reporter implements TrainingListener {
        private final String trial;
        private final TrialListener listener;
        private long last = System.nanoTime() - REPORT_NANOS;

        Reporter(String trial, TrialListener listener) {
            this.trial = trial;
            this.listener = listener;
        }

        @Override
        public void progress(long step, long steps, double loss, double tokensPerSecond) {
            long now = System.nanoTime();
            if (now - last >= REPORT_NANOS || step == steps) {
                listener.progressed(new Progress(step, steps, loss, tokensPerSecond));
                last = now;
            }
        }

        @Override
        public void evaluated(LossPoint measurement) {
            listener.evaluated(new Evaluation(measurement.step(), measurement.tokens(), measurement.trainLoss(),
                    measurement.validationLoss()));
        }

        @Override
        public void moved(long step, String reason) {
            LOG.warn("{}: {}; going on from step {}", trial, reason, step);
        }
    }
}
