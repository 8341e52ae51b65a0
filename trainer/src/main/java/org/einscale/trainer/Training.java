package org.einscale.trainer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.einscale.sharding.NodeLost;

/**
 * One trial: a model trained on a text, on the calling thread. Its numbers depend on definition, spec and data alone.
 *
 * <p>With a folder, the training keeps a {@link Checkpoint} there and goes on from the one that it finds, bit by bit as if
 * it had never stopped; when it is done the folder holds the model too, for {@link Sampler}. When the thread is
 * interrupted it writes a checkpoint and stops after the step at hand.
 */
public final class Training implements AutoCloseable {
    private final PreparedTraining prepared;
    private final TrainingSpec spec;
    private final Optional<Path> folder;
    private final TrainingListener listener;
    private final SortedMap<String, String> identity;
    private final Meshes meshes;
    private TrainingStep training;
    private final Validation validation;
    private final List<LossPoint> history = new ArrayList<>();
    private final SortedMap<Long, List<Branch>> branches = new TreeMap<>();
    private Clock clock;
    private long done;

    /** As {@link #Training(PreparedTraining, Optional, TrainingListener)}, prepared here. */
    public Training(ModelDefinition definition, TrainingSpec spec, TrainingData data, Optional<Path> folder,
            TrainingListener listener) {
        this(PreparedTraining.of(definition, spec, data), folder, listener);
    }

    /** As {@link #Training(PreparedTraining, Optional, TrainingListener, Meshes)}, all in this process. */
    public Training(PreparedTraining prepared, Optional<Path> folder, TrainingListener listener) {
        this(prepared, folder, listener, Meshes.LOCAL);
    }

    /**
     * Compiles everything and loads the folder's checkpoint, if there is one.
     *
     * @param folder where checkpoints and the model go; empty to keep nothing
     * @param meshes where devices come from, if the spec asks for several
     * @throws IllegalArgumentException in one line if the checkpoint is of another training
     */
    public Training(PreparedTraining prepared, Optional<Path> folder, TrainingListener listener, Meshes meshes) {
        this.prepared = prepared;
        this.spec = prepared.spec();
        this.folder = folder;
        this.listener = listener;
        this.meshes = meshes;
        this.identity = identity(prepared);
        this.clock = new Clock(TrainingTime.ZERO);
        Optional<Checkpoint> checkpoint = lastCheckpoint();
        this.training = TrainingStep.of(prepared, meshes);
        this.validation = validationOrClose();
        try {
            checkpoint.ifPresent(this::resume);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** A shorter training that goes on alone from a step of this one, and who waits for it. */
    private record Branch(PreparedTraining training, Path folder, Runnable ready) {
        void begin(Checkpoint checkpoint, States states) {
            if (!Files.exists(folder.resolve(Checkpoint.FILE))) {
                checkpoint.write(folder, states);
            }
        }
    }

    /**
     * Has a shorter training of the same {@link Trunk} find what they have in common done: its checkpoint is written to its folder
     * when this one has come so far, unless there is one.
     *
     * @param ready run on the training's thread as soon as that will not change any more, unless this one ends before
     * @throws IllegalArgumentException if they have less in common
     */
    public void share(PreparedTraining shorter, Path into, Runnable ready) {
        long steps = Trunk.steps(shorter.spec());
        if (steps > Trunk.steps(spec) || !Trunk.of(shorter).equals(Trunk.of(prepared))) {
            throw new IllegalArgumentException("a training of " + spec.steps() + " steps does not begin as that of "
                    + shorter.spec().steps() + " does");
        }
        branches.computeIfAbsent(steps, _ -> new ArrayList<>()).add(new Branch(shorter, into, ready));
    }

    private void branch() {
        branches.getOrDefault(done, List.of()).forEach(branch -> branch.begin(
                new Checkpoint(done, clock.time(), history, identity(branch.training())), training.states()));
        SortedMap<Long, List<Branch>> past = branches.headMap(done + 1);
        past.values().forEach(each -> each.forEach(branch -> branch.ready().run()));
        past.clear();
    }

    private Optional<Checkpoint> lastCheckpoint() {
        Optional<Checkpoint> checkpoint = folder.flatMap(Checkpoint::read);
        checkpoint.ifPresent(found -> found.requireSame(identity, folder.orElseThrow()));
        return checkpoint;
    }

    private Validation validationOrClose() {
        try {
            return new Validation(prepared.definition(), spec, prepared.data());
        } catch (RuntimeException | Error e) {
            training.close();
            throw e;
        }
    }

    private static SortedMap<String, String> identity(PreparedTraining prepared) {
        SortedMap<String, String> identity = new TreeMap<>(prepared.spec().identity());
        identity.putAll(prepared.data().identity());
        identity.put("model", prepared.definition().text());
        return identity;
    }

    private void resume(Checkpoint checkpoint) {
        checkpoint.load(folder.orElseThrow(), training.states());
        clock = new Clock(checkpoint.time());
        history.addAll(checkpoint.history());
        history.forEach(listener::evaluated);
        done = checkpoint.step();
    }

    /** Optimizer steps done, those before a resumed checkpoint included. */
    public long steps() {
        return done;
    }

    /** Parameters and the optimizer's states. */
    States states() {
        return training.states();
    }

    /** Number of parameters. */
    public long parameters() {
        return prepared.model().parameterCount();
    }

    /** Number of parameters outside token and position tables and the untied head. */
    public long nonEmbeddingParameters() {
        return prepared.model().nonEmbeddingParameterCount();
    }

    /** Floating-point operations of one optimizer step, counted from its program. */
    public long flopsPerStep() {
        return prepared.flopsPerStep();
    }

    /**
     * Trains to the last step, saves the model and tells the result. On a training that was finished before it only does
     * the latter.
     *
     * @throws TrainingDiverged if the loss is not finite
     * @throws NodeLost if devices are lost and none take their place
     * @throws TrainingInterrupted if the thread is interrupted, whose flag stays set
     * @throws org.einscale.tensor.file.ArrayFileException if a file cannot be written; the older file is still whole
     */
    public TrainingResult run() {
        boolean unsaved = done < spec.steps();
        Optional<NodeLost> lost = Optional.empty();
        while (true) {
            try {
                lost.map(NodeLost::getMessage).ifPresent(this::restart);
                train(unsaved);
                return result();
            } catch (NodeLost devices) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new TrainingInterrupted(done, spec.steps());
                }
                if (!meshes.goesOnAfter(devices)) {
                    throw devices;
                }
                lost = Optional.of(devices);
            }
        }
    }

    /** Goes back to the last checkpoint, with new devices. */
    private void restart(String reason) {
        training.close();
        Optional<Checkpoint> checkpoint = lastCheckpoint();
        done = 0;
        history.clear();
        clock = new Clock(TrainingTime.ZERO);
        listener.moved(checkpoint.map(Checkpoint::step).orElse(0L), reason);
        training = TrainingStep.of(prepared, meshes);
        checkpoint.ifPresent(this::resume);
    }

    private void train(boolean unsaved) {
        while (done < spec.steps()) {
            if (Thread.currentThread().isInterrupted()) {
                checkpoint();
                throw new TrainingInterrupted(done, spec.steps());
            }
            branch();
            advance();
        }
        folder.ifPresent(into -> SavedModel.write(into, prepared, training.states()));
        if (unsaved) {
            checkpoint();
        }
    }

    private void advance() {
        long start = System.nanoTime();
        double loss = training.run(done);
        clock.step(System.nanoTime() - start);
        if (!Double.isFinite(loss)) {
            throw new TrainingDiverged(done + 1, loss, spec.learningRate(), history);
        }
        done++;
        listener.progress(done, spec.steps(), loss, clock.recentSpeed() * spec.tokensPerStep());
        if (spec.evaluatesAfter(done)) {
            evaluate(loss);
        }
        if (spec.checkpointsAfter(done) && done < spec.steps()) {
            checkpoint();
            if (folder.isPresent() && meshes.changed()) {
                restart("nodes have come or gone");
            }
        }
    }

    private void evaluate(double trainLoss) {
        long start = System.nanoTime();
        double loss = validation.natsPerToken(training.states());
        clock.evaluation(System.nanoTime() - start);
        if (!Double.isFinite(loss)) {
            throw new TrainingDiverged(done, loss, spec.learningRate(), history);
        }
        LossPoint measurement = new LossPoint(done, done * spec.tokensPerStep(), trainLoss, loss,
                validation.bitsPerByte(loss), clock.time().seconds());
        history.add(measurement);
        listener.evaluated(measurement);
    }

    private void checkpoint() {
        folder.ifPresent(into -> {
            new Checkpoint(done, clock.time(), history, identity).write(into, training.states());
            listener.checkpointed(done);
        });
    }

    private TrainingResult result() {
        LossPoint last = history.getLast();
        TrainingTime time = clock.time();
        return new TrainingResult(parameters(), nonEmbeddingParameters(), done, done * spec.tokensPerStep(),
                flopsPerStep(), last.trainLoss(), last.validationLoss(), last.bitsPerByte(), time,
                Clock.steadySpeed(time, done) * spec.tokensPerStep(), history);
    }

    /** Frees the memory. */
    @Override
    public void close() {
        validation.close();
        training.close();
    }
}
