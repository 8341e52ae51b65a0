package org.einscale.experiments.shard;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Quantity;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TrainingData;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.TrainingStep;

/** One model trained for some steps on several meshes: what a step sends, and how long it takes. */
public final class MeshTable {
    private static final int WARM_UP = 5;
    private static final String FORMAT = "%-44s %8s %11s %10s %10s %10s%n";

    private MeshTable() {
    }

    /** A mesh with its presets, as in {@code data=2,model=2: data megatron}. */
    private static Splitting splitting(String text) {
        String[] sides = text.split(":", 2);
        Mesh mesh = Mesh.of(sides[0].strip());
        List<Preset> presets = sides.length < 2 || sides[1].isBlank()
                ? List.of()
                : Stream.of(sides[1].strip().split("\\s+")).map(Preset::of).toList();
        return Splitting.of(mesh, List.of(), presets);
    }

    /**
     * Prints a line for each mesh as soon as it is known.
     *
     * @param steps
     *            that are timed; as a machine may do other things too, the median counts
     */
    public static void print(Experiment experiment, Profile machine, int steps, PrintWriter out) {
        List<String> meshes = experiment.settings().shard().compared();
        if (meshes.isEmpty()) {
            throw new ShardingError("shard.compare names no mesh; expected texts such as \"data=2: data\"");
        }
        List<Splitting> splittings = meshes.stream().map(MeshTable::splitting).toList();
        TrainingData data = TrainerSettings.data(experiment.settings());
        TrainingSpec spec = TrainerSettings.training(experiment.settings(), machine);
        out.printf(Locale.ROOT, FORMAT, "mesh", "devices", "collectives", "sent", "ms a step", "loss");
        for (int i = 0; i < meshes.size(); i++) {
            line(meshes.get(i), PreparedTraining.of(experiment.settings().model(), spec.over(splittings.get(i)), data),
                    steps, out);
            out.flush();
        }
    }

    private static void line(String name, PreparedTraining prepared, int steps, PrintWriter out) {
        Pipeline pipeline = prepared.step().pipeline();
        int collectives = pipeline.stages().stream().mapToInt(stage -> stage.collectives().size()).sum();
        double[] times = new double[steps];
        double loss = 0;
        try (TrainingStep training = TrainingStep.of(prepared)) {
            for (int i = -WARM_UP; i < steps; i++) {
                long start = System.nanoTime();
                loss = training.run(i + WARM_UP);
                if (i >= 0) {
                    times[i] = (System.nanoTime() - start) * 1e-6;
                }
            }
        }
        Arrays.sort(times);
        out.printf(Locale.ROOT, FORMAT, name.isBlank() ? "one device" : name,
                Integer.toString(pipeline.mesh().devices()), Integer.toString(collectives),
                Quantity.bytes(pipeline.mostSent() * prepared.spec().precision().bytes()),
                String.format(Locale.ROOT, "%.1f", times[steps / 2]),
                String.format(Locale.ROOT, "%.4f", loss));
    }
}
