package org.einscale.experiments.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.einscale.experiments.cluster.Leading;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.sweep.Shift;
import org.einscale.scaling.sweep.Trial;
import org.einscale.scaling.sweep.TrialFailure;
import org.einscale.scaling.sweep.TrialListener;
import org.einscale.scaling.sweep.TrialResult;
import org.einscale.scaling.sweep.WorkerLost;
import org.einscale.scaling.sweep.Workers;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.device.Hire;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.sharding.device.Parcel;
import org.einscale.trainer.DataFile;
import org.einscale.trainer.PreparedTraining;

/**
 * Nodes that train the trials of a sweep, one on each core.
 *
 * @param leading this process as the one that leads them
 * @param trainings by the names of trials
 * @param patience how long it may be that no node is there
 */
public record NodeWorkers(Supplier<Leading> leading, Map<String, PreparedTraining> trainings,
        Duration patience) implements Workers {

    @Override
    public AtWork begin(Shift shift, int atOnce) {
        PreparedTraining any = trainings.values().iterator().next();
        try {
            Path data = Files.createTempFile("einscale-data-", null);
            DataFile.write(any.data(), data);
            Hiring hiring = new Hiring(shift, leading.get(), patience, TrialWork.recipe(any.spec().machine()),
                    Parcel.of(data), this::run);
            hiring.begin();
            return () -> {
                hiring.close();
                delete(data);
            };
        } catch (IOException e) {
            throw new UncheckedIOException("what is to be learned cannot be written: " + e.getMessage(), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private TrialResult run(NodeInfo node, Hire hire, Trial trial, Path folder, TrialListener listener)
            throws IOException, InterruptedException {
        TrialMessage order = TrialWork.order(trial.name(), Objects.requireNonNull(trainings.get(trial.name())));
        try {
            String answer = hire.run(trial.name(), order.text(), folder, news -> hear(news, listener));
            return switch (TrialMessage.parse(answer)) {
                case TrialMessage.Finished finished -> finished.result();
                case TrialMessage.Diverged diverged -> throw new TrialFailure(diverged.step(), diverged.reason());
                case TrialMessage.Failed failed -> throw new ScalingException(failed.reason());
                case TrialMessage.Refused refused ->
                    throw new ShardingError("node " + node.name() + ": " + refused.reason());
                case TrialMessage.Order _,TrialMessage.Progressed _,TrialMessage.Evaluated _ ->
                    throw new IllegalStateException("node " + node.name() + " answers with what is no result");
            };
        } catch (NodeLost | ShardingError lost) {
            throw new WorkerLost(String.valueOf(lost.getMessage()), lost);
        }
    }

    private static void hear(String news, TrialListener listener) {
        switch (TrialMessage.parse(news)) {
            case TrialMessage.Progressed progressed -> listener.progressed(progressed.progress());
            case TrialMessage.Evaluated evaluated -> listener.evaluated(evaluated.evaluation());
            case TrialMessage message -> throw new IllegalStateException("is no news: " + message);
        }
    }
}
