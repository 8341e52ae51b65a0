package org.einscale.experiments.shard;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.sharding.Block;
import org.einscale.sharding.Rule;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;

/** A step of an experiment's training on the mesh of its settings. */
public record ShardedStep(Experiment experiment, TrainingSpec spec, Model model, Partition partition) {

    /**
     * Shares the step as a training would.
     *
     * @throws org.einscale.sharding.ShardingError
     *             if a rule cannot hold
     */
    public static ShardedStep of(Experiment experiment) {
        PlannedStep step = TrainerSettings.step(experiment.settings(), Machine.typical());
        return new ShardedStep(experiment, step.spec(), step.model(), step.partition());
    }

    /** What the devices do and send. */
    public ShardReport report(boolean explained) {
        Program whole = partition.whole();
        int bytes = spec.precision().bytes();
        Set<Value> parameters = new HashSet<>(model.parameters().stream().map(Parameter::value).toList());
        ShardReport.Load device = new ShardReport.Load(flops(partition.local(), partition.sizes(0)),
                bytes * here(parameters::contains), bytes * here(state -> !parameters.contains(state)));
        ShardReport.Load alone = new ShardReport.Load(flops(whole, partition.sizes()),
                bytes * all(parameters::contains), bytes * all(state -> !parameters.contains(state)));
        List<String> rules = spec.splitting().rules().rules().stream().map(Rule::toString).toList();
        return ShardReport.of(partition, UnaryOperator.identity(), bytes, explained,
                new ShardReport.Step(experiment.name(), partition.mesh().axes(), rules, device, alone));
    }

    private static double flops(Program program, Sizes sizes) {
        return program.statements().stream().mapToDouble(statement -> Flops.of(statement, sizes)).sum();
    }

    /** Elements of states that the first device has. */
    private long here(Predicate<Value> which) {
        return partition.whole().states().stream().filter(which).map(state -> partition.block(state, 0))
                .mapToLong(Block::volume).sum();
    }

    private long all(Predicate<Value> which) {
        return partition.whole().states().stream().filter(which)
                .mapToLong(state -> partition.sizes().volume(state.axes())).sum();
    }
}
