package org.einscale.experiments.shard;

import java.nio.file.Path;
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
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.UserError;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.plan.PlanFile;
import org.einscale.experiments.plan.Plans;
import org.einscale.sharding.Block;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.partition.Prediction;
import org.einscale.sharding.partition.WhyNot;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.layer.Parameter;

/**
 * A step of an experiment's training on the mesh of its settings.
 *
 * @param experiment
 *            the name of its file
 */
public record ShardedStep(String experiment, PlannedStep step, Partition partition) {

    /**
     * Shares the step as a training would.
     *
     * @throws ShardingError
     *             if a rule cannot hold
     * @throws UserError
     *             if the step is not as its settings ask
     */
    public static ShardedStep of(Experiment experiment) {
        PlannedStep step = TrainerSettings.step(experiment.settings(), Machine.typical());
        check(experiment.settings(), step);
        return new ShardedStep(experiment.name(), step, step.partition());
    }

    /**
     * Refuses a training that is not as its settings ask.
     *
     * @throws UserError
     *             if it is not as the plan of the settings says, or exchanges something that no rule asks for
     */
    public static void check(Settings settings, PlannedStep step) {
        if (settings.shard().forbidsImplicit()) {
            step.pipeline().stages().forEach(stage -> Implicit.refuse(stage, step.spec().precision().bytes()));
        }
        if (!settings.shard().plan().isEmpty()) {
            if (step.spec().splitting().stages().isPresent()) {
                throw new UserError(
                        "shard.plan: a plan says nothing of stages; expected no rule that deals out layers");
            }
            new ShardedStep("", step, step.partition()).checkPlan(settings.shard());
        }
    }

    private void checkPlan(Settings.Shard shard) {
        Path file = Path.of(shard.plan());
        Plans.require(file, PlanFile.read(file), plan(shard));
    }

    /** The plan, to be kept in a file. */
    public PlanFile plan(Settings.Shard shard) {
        List<String> presets = shard.plan().isEmpty()
                ? shard.presets()
                : PlanFile.read(Path.of(shard.plan())).presets();
        return Plans.of(experiment, presets, step, partition);
    }

    /** What the devices do and send. */
    public ShardReport report(boolean explained) {
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

    /**
     * Why a value of the step is not split in some way.
     *
     * @param question
     *            such as {@code block.0.mlp.up=f:model}
     * @throws UserError
     *             if it is about nothing that there is
     */
    public WhyNotReport whyNot(String question) {
        WhyNotReport.Question asked = WhyNotReport.Question.of(question);
        Value value = asked.in(partition);
        int bytes = step.spec().precision().bytes();
        WhyNot answer = WhyNot.of(partition, value,
                asked.of(value, partition.held(value), SubAxes.of(partition.mesh(), List.of())),
                step.spec().splitting(),
                step.optimizerStates(), bytes);
        return WhyNotReport.of(partition, answer, step.spec().splitting().network(), bytes,
                WhyNotReport.rules(answer).stream().map(this::with).toList());
    }

    /** The plan with one rule more, the strongest of all. */
    private WhyNotReport.Plan with(String rule) {
        String name = "with rule " + rule + " for all values";
        Splitting splitting = step.spec().splitting();
        try {
            List<Rule> rules = new ArrayList<>(Rules.of(partition.mesh(), rule).rules());
            splitting.rules().rules().stream()
                    .filter(known -> !(known.scope() instanceof Rule.Scope.All
                            && known.axis().equals(rules.getFirst().axis())))
                    .forEach(rules::add);
            Partition other = new PlannedStep(step.spec().over(new Splitting(new Rules(partition.mesh(), rules),
                    splitting.keepsParameters(), splitting.network())), step.model(), step.training()).partition();
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
        return partition.whole().states().stream().filter(which).map(state -> partition.block(state, 0))
                .mapToLong(Block::volume).sum();
    }

    private long all(Predicate<Value> which) {
        return partition.whole().states().stream().filter(which)
                .mapToLong(state -> partition.sizes().volume(state.axes())).sum();
    }
}
