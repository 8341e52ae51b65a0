package org.einscale.experiments.sweep;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.einscale.experiments.Provenance;
import org.einscale.experiments.Version;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.TrialFailure;
import org.einscale.scaling.sweep.TrialListener;
import org.einscale.scaling.table.Evaluation;
import org.einscale.sharding.device.Skill;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.DataFile;
import org.einscale.trainer.Meshes;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TrainingData;
import org.einscale.trainer.text.Fingerprint;

/**
 * What a node does for a sweep: it trains the trials that it is told to.
 *
 * @param machine that their steps are planned for
 * @param data that they learn
 */
public record TrialWork(Profile machine, TrainingData data) implements Skill.Worker {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Gets ready, by the machine as {@link #recipe} says it and a {@link DataFile}. */
    public static TrialWork of(String recipe, Path data) {
        try {
            return new TrialWork(JSON.readValue(recipe, Profile.class), DataFile.read(data));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("has no use for this sweep: " + e.getOriginalMessage(), e);
        }
    }

    /** What all trials that are planned for a machine have in common. */
    static String recipe(Profile machine) {
        try {
            return JSON.writeValueAsString(machine);
        } catch (JacksonException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is to be told to a node that trains a trial. */
    static TrialMessage.Order order(String name, PreparedTraining training) {
        return new TrialMessage.Order(name, training.origin().getOrDefault(TrialPlan.SETTINGS, ""), training.origin(),
                program(training));
    }

    private static String program(PreparedTraining training) {
        return Fingerprint.of(training.step().program().toString(), training.step().sizes().toString());
    }

    @Override
    public String work(String order, Path folder, Consumer<String> tell) throws InterruptedException {
        return switch (TrialMessage.parse(order)) {
            case TrialMessage.Order trial -> train(trial, folder, tell).text();
            case TrialMessage message -> throw new IllegalArgumentException("is no order: " + message);
        };
    }

    private TrialMessage train(TrialMessage.Order order, Path folder, Consumer<String> tell)
            throws InterruptedException {
        PreparedTraining training;
        try {
            training = TrialPlan.prepared(ExperimentFile.recorded(order.settings()), data).on(machine);
        } catch (RuntimeException e) {
            return new TrialMessage.Refused(TrialFailure.reason(e));
        }
        if (!program(training).equals(order.program())) {
            return new TrialMessage.Refused(
                    "makes another program of the same settings; its version is " + Version.number());
        }
        Map<String, String> origin = new HashMap<>(order.origin());
        origin.putAll(Provenance.here());
        try {
            return new TrialMessage.Finished(TrialTraining.train(order.name(), training.from(origin), folder,
                    new Teller(tell), Meshes.LOCAL));
        } catch (TrialFailure failure) {
            return new TrialMessage.Diverged(failure.step(), TrialFailure.reason(failure));
        } catch (RuntimeException | Error failure) {
            return new TrialMessage.Failed(TrialFailure.reason(failure));
        }
    }

    /** Says to the sweep what a training says. */
    private record Teller(Consumer<String> tell) implements TrialListener {
        @Override
        public void progressed(Progress progress) {
            tell.accept(new TrialMessage.Progressed(progress).text());
        }

        @Override
        public void evaluated(Evaluation evaluation) {
            tell.accept(new TrialMessage.Evaluated(evaluation).text());
        }
    }
}
