package org.einscale.scaling.sweep;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;

/** One trial being run: keeps its evaluations on disk, watches for losses that are not finite, and makes its row. */
final class TrialRun implements TrialListener {

    private final Trial trial;
    private final SweepFolder files;
    private final SweepListener listener;
    private final Consumer<String> branches;
    private final ProgressFile watched;
    private final TreeMap<Long, Evaluation> evaluations = new TreeMap<>();
    private double trainLoss = Double.NaN;
    private long step;
    private String failure = "";

    /** @param branches is told of trials that need not wait for this one any longer */
    TrialRun(Trial trial, SweepFolder files, SweepListener listener, Consumer<String> branches) {
        this.trial = trial;
        this.files = files;
        this.listener = listener;
        this.branches = branches;
        this.watched = files.progress(trial);
    }

    /**
     * How it ended.
     *
     * @param lasts whether a later start would end no otherwise
     */
    record End(Run run, boolean lasts) {}

    /**
     * Runs it to its end.
     *
     * @param worker who does so; empty: this process
     * @param retries how often to try again what may end otherwise
     */
    End run(String worker, TrialRunner runner, int retries) throws InterruptedException {
        listener.started(trial, worker);
        if (Files.exists(files.history(trial))) {
            HistoryTable.read(files.history(trial))
                    .forEach(row -> evaluations.put(row.evaluation().step(), row.evaluation()));
        }
        for (int left = retries;; left--) {
            Optional<Run> run = attempt(runner);
            if (run.isPresent()) {
                return new End(run.get(), true);
            }
            if (left == 0) {
                return new End(failed(step > 0 ? OptionalLong.of(step) : OptionalLong.empty(), failure), false);
            }
            listener.retried(trial, failure, left);
        }
    }

    /** The row to keep, or nothing if a second try may end otherwise. */
    private Optional<Run> attempt(TrialRunner runner) throws InterruptedException {
        try {
            TrialResult result = runner.run(trial, files.trial(trial), this);
            finite("validation loss", result.valLoss(), trial.steps());
            return Optional.of(row(Run.Status.FINISHED, result, OptionalLong.empty(), ""));
        } catch (InterruptedException | WorkerLost e) {
            throw e;
        } catch (TrialFailure e) {
            return Optional.of(failed(OptionalLong.of(e.step()), TrialFailure.reason(e)));
        } catch (Exception | Error e) {
            failure = TrialFailure.reason(e);
            return Optional.empty();
        }
    }

    @Override
    public void progressed(Progress progress) {
        step = progress.step();
        trainLoss = progress.trainLoss();
        finite("training loss", progress.trainLoss(), step);
        watched.update(progress);
        listener.progressed(trial, progress);
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        step = evaluation.step();
        finite("validation loss", evaluation.valLoss(), step);
        if (evaluation.equals(evaluations.put(evaluation.step(), evaluation))) {
            return;
        }
        List<HistoryTable.Row> rows = evaluations.values().stream()
                .map(e -> new HistoryTable.Row(trial.name(), trial.n(), e)).toList();
        HistoryTable.write(files.history(trial), rows);
        listener.evaluated(trial, evaluation);
    }

    @Override
    public void branched(String other) {
        branches.accept(other);
    }

    private static void finite(String name, double loss, long step) {
        if (!Double.isFinite(loss)) {
            throw new TrialFailure(step, name + " is " + loss);
        }
    }

    private Run failed(OptionalLong at, String reason) {
        double valLoss = evaluations.isEmpty() ? Double.NaN : evaluations.lastEntry().getValue().valLoss();
        return row(Run.Status.FAILED,
                new TrialResult(trainLoss, valLoss, Double.NaN, Double.NaN, Double.NaN, Double.NaN), at, reason);
    }

    private Run row(Run.Status status, TrialResult result, OptionalLong failedStep, String failure) {
        return new Run(trial.name(), status, trial.n(), trial.nTotal(), trial.nEmbedding(), trial.layers(),
                trial.width(), trial.tokens(), trial.uniqueTokens(), trial.steps(), trial.batchTokens(),
                trial.learningRate(), trial.seed(), trial.flopsProgram(), trial.flops6nd(), trial.flopsAttention(),
                result.trainLoss(),
                result.valLoss(), result.valBitsPerByte(), failedStep, failure, result.seconds(),
                result.tokensPerSecond(),
                result.warmupSeconds());
    }
}
