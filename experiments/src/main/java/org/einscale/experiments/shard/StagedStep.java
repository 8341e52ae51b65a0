package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.explain.Columns;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Quantity;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.PlannedStep;

/**
 * A step of an experiment's training whose layers are dealt out to stages.
 *
 * @param experiment
 *            the name of its file
 */
public record StagedStep(String experiment, PlannedStep step, Pipeline pipeline) {

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
     */
    public static StagedStep of(Experiment experiment) {
        PlannedStep step = TrainerSettings.step(experiment.settings(), Machine.typical());
        ShardedStep.check(experiment.settings(), step);
        return new StagedStep(experiment.name(), step, step.pipeline());
    }

    public Report report(boolean explained) {
        List<ShardReport> stages = pipeline.stages().stream()
                .map(stage -> new ShardedStep(experiment, step, stage).report(explained)).toList();
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
