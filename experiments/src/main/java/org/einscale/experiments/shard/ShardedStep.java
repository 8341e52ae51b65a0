package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.partition.Prediction;
import org.einscale.sharding.partition.WhyNot;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.layer.Parameter;

/**
 * What the devices of one stage do of a step of an experiment's training: all of it, if there is but one.
 *
 * @param experiment
 *            the name of its file
 */
record ShardedStep(String experiment, PlannedStep step, int stage) {

    Partition partition() {
        return step.pipeline().stages().get(stage);
    }

    /** What the devices do and send. */
    ShardReport report(boolean explained) {
        Partition partition = partition();
        Program whole = partition.whole();
        int bytes = step.spec().precision().bytes();
        Prediction told = Prediction.of(partition, step.spec().splitting().network(), bytes);
        Map<String, String> values = new LinkedHashMap<>();
        partition.shardings().forEach((value, sharding) -> values.put(value.name(), sharding.text(value.axes())));
        Set<Value> parameters = new HashSet<>(step.model().parameters().stream().map(Parameter::value).toList());
        ShardReport.Load device = new ShardReport.Load(flops(partition.local(), partition.sizes(0)),
                bytes * here(parameters::contains), bytes * here(state -> !parameters.contains(state)), told.memory());
        ShardReport.Load alone = new ShardReport.Load(flops(whole, partition.sizes()),
                bytes * all(parameters::contains), bytes * all(state -> !parameters.contains(state)),
                bytes * Prediction.memory(whole, partition.sizes()));
        List<String> rules = step.spec().splitting().rules().rules().stream().map(Rule::toString).toList();
        return ShardReport.of(partition, UnaryOperator.identity(), bytes, explained,
                new ShardReport.Step(experiment, partition.mesh().axes(), rules, values, device, alone, told.rounds(),
                        told.seconds()));
    }

    /** Why a value of the stage is not split in some way. */
    WhyNotReport whyNot(WhyNotReport.Question asked, Value value) {
        Partition partition = partition();
        int bytes = step.spec().precision().bytes();
        WhyNot alone = WhyNot.of(partition, value,
                asked.of(value, partition.held(value), SubAxes.of(partition.mesh(), List.of())),
                step.spec().splitting().ofStage(), step.optimizerStates(), bytes);
        WhyNot answer = new WhyNot(value, alone.held(), alone.wanted(), alone.reasons(),
                step.pipeline().linked(alone.otherwise(), stage));
        return WhyNotReport.of(partition, answer, step.spec().splitting().network(), bytes,
                WhyNotReport.rules(answer).stream().map(this::with).toList());
    }

    /** The plan with one rule more, the strongest of all. */
    private WhyNotReport.Plan with(String rule) {
        String name = "with rule " + rule + " for all values";
        Splitting splitting = step.spec().splitting();
        try {
            Mesh mesh = splitting.mesh();
            List<Rule> rules = new ArrayList<>(Rules.of(mesh, rule).rules());
            splitting.rules().rules().stream()
                    .filter(known -> !(known.scope() instanceof Rule.Scope.All
                            && known.axis().equals(rules.getFirst().axis())))
                    .forEach(rules::add);
            Partition other = step.over(new Splitting(new Rules(mesh, rules), splitting.keepsParameters(),
                    splitting.network())).pipeline().stages().get(stage);
            return WhyNotReport.Plan.of(name,
                    Prediction.of(other, splitting.network(), step.spec().precision().bytes()));
        } catch (ShardingError | ProgramError cannot) {
            return WhyNotReport.Plan.refused(name, String.valueOf(cannot.getMessage()));
        }
    }

    private static double flops(Program program, Sizes sizes) {
        return program.statements().stream().mapToDouble(statement -> Flops.of(statement, sizes)).sum();
    }

    /** Elements of states that the first device has. */
    private long here(Predicate<Value> which) {
        return partition().whole().states().stream().filter(which).map(state -> partition().block(state, 0))
                .mapToLong(Block::volume).sum();
    }

    private long all(Predicate<Value> which) {
        return partition().whole().states().stream().filter(which)
                .mapToLong(state -> partition().sizes().volume(state.axes())).sum();
    }
}
