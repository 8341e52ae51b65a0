package org.einscale.trainer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.ShardingError;
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
 */
public record PlannedStep(TrainingSpec spec, Model model, TrainingProgram training) {

    /**
     * Builds model and step.
     *
     * @param vocabulary number of tokens
     * @throws IllegalArgumentException in one line if the model is wrong
     */
    public static PlannedStep of(ModelSpec definition, TrainingSpec spec, int vocabulary) {
        Model model = definition.build(spec.microBatch(), spec.length(), vocabulary, true, spec.seed());
        return new PlannedStep(spec, model, TrainingProgram.of(model, spec.optimizer(), spec.microBatches()));
    }

    /** The same for other devices or another machine; batch, length and optimizer are those of before. */
    PlannedStep with(TrainingSpec other) {
        return new PlannedStep(other, model, training);
    }

    /** What is compiled: forward, gradient and update, with the loss for the only output. */
    public Program program() {
        return training.program().only(training.loss());
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
     * How the devices of the spec's mesh share the step.
     *
     * @throws ShardingError
     *             if a rule of the spec cannot hold, or devices along an axis of the mesh would all do the same
     */
    public Partition partition() {
        Partition partition = Partition.of(program(), context(), spec.splitting(), optimizerStates());
        refuseIdle(partition.mesh(), List.of(partition));
        return partition;
    }

    private void refuseIdle(Mesh mesh, List<Partition> partitions) {
        mesh.axes().keySet().stream().filter(axis -> partitions.stream().allMatch(p -> p.idle().contains(axis)))
                .findFirst().ifPresent(axis -> {
                    throw new ShardingError("no axis of the model is split along mesh axis '" + axis + "', whose "
                            + mesh.size(axis) + " devices would all do the same; the rules are "
                            + spec.splitting().rules().text() + ", the axes " + names());
                });
    }

    /**
     * The same with the step cut into stages, if the rules deal out layers.
     *
     * @throws ShardingError
     *             as {@link #partition()}
     */
    public Pipeline pipeline() {
        if (spec.splitting().stages().isEmpty()) {
            return Pipeline.of(partition());
        }
        Pipeline pipeline = Pipeline.of(program(), training.turns(), context(), spec.splitting(), optimizerStates());
        refuseIdle(spec.splitting().ofStage().mesh(), pipeline.stages());
        return pipeline;
    }

    private String names() {
        return training.program().values().stream().flatMap(value -> value.axes().stream()).map(Axis::name).distinct()
                .sorted().collect(Collectors.joining(", "));
    }
}
