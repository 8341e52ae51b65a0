package org.einscale.trainer;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.optimizer.TrainingProgram;

/**
 * A step of training before it is compiled.
 *
 * @param model of one micro-batch of the spec
 * @param training its gradient and update, of the whole batch
 * @param shared how devices share it, once that is known
 */
public record PlannedStep(TrainingSpec spec, Model model, TrainingProgram training, Optional<Pipeline> shared) {
    private static final int FORWARD_AND_BACKWARD = 3;

    /** That of targets which count alike. */
    public static PlannedStep of(ModelSpec definition, TrainingSpec spec, int vocabulary) {
        return of(definition, spec, vocabulary, false);
    }

    /**
     * Builds model and step.
     *
     * @param vocabulary number of tokens
     * @param weighted whether targets count differently
     * @throws IllegalArgumentException in one line if the model is wrong
     */
    public static PlannedStep of(ModelSpec definition, TrainingSpec spec, int vocabulary, boolean weighted) {
        Model plain = definition.build(spec.microBatch(), spec.length(), vocabulary, true, spec.seed());
        Model model = weighted ? plain.weighted() : plain;
        return new PlannedStep(spec, model, TrainingProgram.of(model, spec.optimizer(), spec.microBatches()),
                Optional.empty());
    }

    /** The same for other devices or another machine; batch, length and optimizer are those of before. */
    PlannedStep with(TrainingSpec other) {
        return new PlannedStep(other, model, training,
                shared.filter(_ -> other.splitting().equals(spec.splitting())));
    }

    /** The same on other devices. */
    public PlannedStep over(Splitting devices) {
        return with(spec.over(devices));
    }

    /** The same, which then knows how devices share it. */
    public PlannedStep withShares() {
        return new PlannedStep(spec, model, training, Optional.of(pipeline()));
    }

    /** What is compiled: forward, gradient and update, with the loss for the only output. */
    public Program program() {
        return training.program().only(training.loss());
    }

    /** Floating-point operations, counted from the program. */
    public long flops() {
        return (long) Flops.of(training.program(), sizes());
    }

    /**
     * Those of attention alone: of products of activations with one another, forward and twice that backward. In a
     * transformer they are 12 L d T a token (Chowdhery et al. 2022, "PaLM", appendix B), as if every query saw all T keys.
     */
    public double attentionFlops() {
        return FORWARD_AND_BACKWARD * spec.microBatches() * Flops.amongInputs(model.program(), model.sizes());
    }

    /** Sizes of all axes. */
    public Sizes sizes() {
        return training.sizes();
    }

    /** What passes decide by. */
    public Context context() {
        return Context.of(sizes(), spec.precision(), spec.machine());
    }

    /** States of the step that are no parameters of the model. */
    public Set<Value> optimizerStates() {
        Set<Value> states = new HashSet<>(training.program().states());
        model.parameters().forEach(parameter -> states.remove(parameter.value()));
        return states;
    }

    /**
     * How the devices of the spec's mesh share the step, which is cut into stages if the rules deal out layers.
     *
     * @throws ShardingError
     *             if a rule of the spec cannot hold, or devices along an axis of the mesh would all do the same
     */
    public Pipeline pipeline() {
        return shared.orElseGet(() -> {
            Pipeline pipeline = Pipeline.of(program(), training.turns(), context(), spec.splitting(),
                    optimizerStates());
            refuseIdle(pipeline.stages().getFirst().mesh(), pipeline.stages());
            return pipeline;
        });
    }

    private void refuseIdle(Mesh mesh, List<Partition> partitions) {
        mesh.axes().keySet().stream().filter(axis -> partitions.stream().allMatch(p -> p.idle().contains(axis)))
                .findFirst().ifPresent(axis -> {
                    throw new ShardingError("no axis of the model is split along mesh axis '" + axis + "', whose "
                            + mesh.size(axis) + " devices would all do the same; the rules are "
                            + spec.splitting().rules().text() + ", the axes " + names());
                });
    }

    private String names() {
        return training.program().values().stream().flatMap(value -> value.axes().stream()).map(Axis::name).distinct()
                .sorted().collect(Collectors.joining(", "));
    }
}
