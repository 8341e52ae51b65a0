package org.einscale.experiments.sweep;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.einscale.experiments.progress.ProgressDisplay;
import org.einscale.experiments.progress.ProgressLine;
import org.einscale.scaling.Figures;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.SweepListener;
import org.einscale.scaling.sweep.Trial;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.Run;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a sweep as it goes, a line a trial, and logs it. */
final class SweepProgress implements SweepListener {
    private static final Logger LOG = LoggerFactory.getLogger(SweepProgress.class);

    private final ProgressDisplay progress;
    private final boolean tellsKept;
    private final Map<String, ProgressLine> lines = new ConcurrentHashMap<>();

    /** @param tellsKept whether trials kept from an earlier start are news */
    SweepProgress(ProgressDisplay progress, boolean tellsKept) {
        this.progress = progress;
        this.tellsKept = tellsKept;
    }

    @Override
    public void kept(Trial trial, Run run) {
        if (!tellsKept) {
            return;
        }
        progress.message(trial.name() + ": kept from an earlier start, " + outcome(run));
        LOG.info("{}: kept, {}", trial.name(), outcome(run));
    }

    @Override
    public void planned(int kept, List<Trial> rest, List<String> leftOut) {
        if (tellsKept && kept > 0 && !rest.isEmpty()) {
            message("%s of %s trials are kept; to train: %s".formatted(kept, kept + rest.size(),
                    rest.stream().map(Trial::name).collect(Collectors.joining(", "))));
        }
        if (!leftOut.isEmpty()) {
            message("left out of the tables, as the sweep does not have them now: " + String.join(", ", leftOut));
        }
    }

    private void message(String text) {
        progress.message(text);
        LOG.info(text);
    }

    @Override
    public void started(Trial trial, String worker) {
        String name = worker.isEmpty() ? trial.name() : trial.name() + " on " + worker;
        lines.put(trial.name(), progress.start(name, trial.steps()));
        LOG.info("{}: started", name);
    }

    @Override
    public void progressed(Trial trial, Progress reached) {
        @Nullable
        ProgressLine line = lines.get(trial.name());
        if (line != null) {
            line.update(reached.step(), reached.trainLoss(), reached.tokensPerSecond());
        }
    }

    @Override
    public void evaluated(Trial trial, Evaluation evaluation) {
        LOG.info("{}: step {}, training loss {}, validation loss {}", trial.name(), evaluation.step(),
                evaluation.trainLoss(), evaluation.valLoss());
    }

    @Override
    public void retried(Trial trial, String failure, int left) {
        message("%s: failed, tried again (%s left): %s".formatted(trial.name(), left, failure));
    }

    @Override
    public void givenBack(Trial trial, String reason) {
        @Nullable
        ProgressLine line = lines.remove(trial.name());
        if (line != null) {
            line.end("to be trained anew");
        }
        LOG.info("{}: to be trained anew: {}", trial.name(), reason);
    }

    @Override
    public void told(String text) {
        message(text);
    }

    @Override
    public void ended(Trial trial, Run run) {
        @Nullable
        ProgressLine line = lines.remove(trial.name());
        if (line != null) {
            line.end(outcome(run));
        }
        LOG.info("{}: {}", trial.name(), outcome(run));
    }

    private static String outcome(Run run) {
        return switch (run.status()) {
            case FINISHED -> "validation loss %s nats a token, %s%s tokens/s".formatted(Figures.of(run.valLoss()),
                    Double.isNaN(run.valBitsPerByte())
                            ? ""
                            : Figures.of(run.valBitsPerByte()) + " bits a byte, ",
                    Figures.count(run.tokensPerSecond()));
            case FAILED -> "failed"
                    + (run.failedStep().isPresent() ? " at step " + run.failedStep().getAsLong() : "") + ": "
                    + run.failure();
        };
    }
}
