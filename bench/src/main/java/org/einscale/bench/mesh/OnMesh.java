package org.einscale.bench.mesh;

import java.util.List;
import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.device.LocalMesh;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.layer.Parameter;

/** One training on several devices. */
final class OnMesh implements Racer {
    private final Gpt gpt;
    private final DeviceMesh mesh;
    private int steps;

    OnMesh(ModelSize size, String mesh, List<Preset> presets) {
        this(size, 1, mesh, presets);
    }

    OnMesh(ModelSize size, int microBatches, String mesh, List<Preset> presets) {
        this.gpt = Gpt.of(size, microBatches);
        this.mesh = new LocalMesh(gpt.pipeline(Splitting.of(Mesh.of(mesh), List.of(), presets)), Precision.FLOAT,
                Machine.measured());
        for (Parameter parameter : gpt.parameters()) {
            this.mesh.write(parameter.value(), gpt.start(parameter.value()));
        }
        this.mesh.write(gpt.step().learningRate(), Recipe.LEARNING_RATE);
    }

    private void step() {
        mesh.write(gpt.step().step(), ++steps);
        mesh.run();
    }

    @Override
    public double tokensPerSecond(double seconds) {
        return Racer.time(seconds, gpt.tokens(), this::step);
    }

    @Override
    public void close() {
        mesh.close();
    }
}
