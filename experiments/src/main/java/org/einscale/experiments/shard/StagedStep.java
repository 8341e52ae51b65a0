package org.einscale.experiments.shard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.explain.Columns;
import org.einscale.experiments.plan.PlanFile;
import org.einscale.experiments.plan.Plans;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Quantity;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.PlannedStep;

/**
 * A step of an experiment's training on the mesh of its settings, cut into stages if its rules deal out layers.
 *
 * @param experiment
 *            the name of its file
 */
public record StagedStep(String experiment, PlannedStep step) {

    /**
     * What devices do and send. The components are made to be written as JSON.
     *
     * @param mesh
     *            sizes of the mesh's axes
     * @param microBatches
     *            parts of the batch
     * @param stages
     *            each as its devices share it
     */
    public record Report(String experiment, Map<String, Integer> mesh, int microBatches, List<ShardReport> stages,
            List<Handed> handed) {}

    /**
     * What a device of one stage hands to the one in its place in another.
     *
     * @param values
     *            number of tensors
     */
    public record Handed(int from, int to, int values, long bytes) {}

    /**
     * Cuts and shares the step as a training would.
     *
     * @throws org.einscale.sharding.ShardingError
     *             if a rule cannot hold
     * @throws UserError
     *             if the step is not as its settings ask
     */
    public static StagedStep of(Experiment experiment) {
        return new StagedStep(experiment.name(), checked(experiment.settings(),
                TrainerSettings.step(experiment.settings(), Machine.typical()).withShares()));
    }

    /**
     * The step, unless it is not as its settings ask; it knows how devices share it if that was found out.
     *
     * @throws UserError
     *             if it is not as the plan of the settings says, or exchanges something that no rule asks for
     */
    public static PlannedStep checked(Settings settings, PlannedStep step) {
        Settings.Shard shard = settings.shard();
        if (!shard.forbidsImplicit() && shard.plan().isEmpty()) {
            return step;
        }
        PlannedStep shared = step.withShares();
        if (shard.forbidsImplicit()) {
            shared.pipeline().stages().forEach(stage -> Implicit.refuse(stage, step.spec().precision().bytes()));
        }
        if (!shard.plan().isEmpty()) {
            Path file = Path.of(shard.plan());
            Plans.require(file, PlanFile.read(file), new StagedStep("", shared).plan(shard));
        }
        return shared;
    }

    /** The plan, to be kept in a file. */
    public PlanFile plan(Settings.Shard shard) {
        List<String> presets = shard.plan().isEmpty()
                ? shard.presets()
                : PlanFile.read(Path.of(shard.plan())).presets();
        return Plans.of(experiment, presets, step);
    }

    /** What the devices of each stage run. */
    public List<Partition> stages() {
        return step.pipeline().stages();
    }

    /**
     * Why a value of the step is not split in some way, by the first stage that has it.
     *
     * @param question
     *            such as {@code block.0.mlp.up=f:model}
     * @throws UserError
     *             if it is about nothing that there is
     */
    public WhyNotReport whyNot(String question) {
        WhyNotReport.Question asked = WhyNotReport.Question.of(question);
        return IntStream.range(0, stages().size()).boxed()
                .flatMap(stage -> asked.find(stages().get(stage)).stream()
                        .map(value -> stage(stage).whyNot(asked, value)))
                .findFirst().orElseThrow(() -> asked.unknown(stages()));
    }

    private ShardedStep stage(int number) {
        return new ShardedStep(experiment, step, number);
    }

    /** What the devices of a stage do and send. */
    public ShardReport report(int stage, boolean explained) {
        return stage(stage).report(explained);
    }

    /** What all devices do and send. */
    public Report report(boolean explained) {
        Pipeline pipeline = step.pipeline();
        List<ShardReport> stages = IntStream.range(0, stages().size()).mapToObj(stage -> report(stage, explained))
                .toList();
        List<Handed> handed = new ArrayList<>();
        for (int from = 0; from < stages.size(); from++) {
            for (int to = 0; to < stages.size(); to++) {
                int values = pipeline.links(from, to).size();
                if (values > 0) {
                    handed.add(new Handed(from, to, values, pipeline.sent(from, to) * step.spec().precision().bytes()));
                }
            }
        }
        return new Report(experiment, pipeline.mesh().axes(), step.spec().microBatches(), stages, handed);
    }

    /** The report as text, stage by stage. */
    public static String text(Report report, boolean explained) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < report.stages().size(); i++) {
            ShardReport stage = report.stages().get(i);
            text.append("stage ").append(i).append(" of ").append(report.stages().size()).append("\n\n")
                    .append(explained ? ShardTable.statements(stage, true) + "\n" : "")
                    .append(ShardTable.totals(stage, Objects.requireNonNull(stage.step()))).append("\n");
        }
        Columns rows = new Columns(List.of("values", "sent"), "handed on by a device");
        report.handed().forEach(handed -> rows.add(
                List.of(Integer.toString(handed.values()), Quantity.bytes(handed.bytes())),
                "stage " + handed.from() + " to stage " + handed.to()));
        return text.append(rows).toString();
    }
}
