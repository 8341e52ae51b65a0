package org.einscale.bench.mesh;

import java.util.List;
import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.einsum.pass.Context;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.device.LocalMesh;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.layer.Parameter;

/** One training on several devices. */
final class OnMesh implements Racer {
    private final Gpt gpt;
    private final DeviceMesh mesh;
    private int steps;

    OnMesh(ModelSize size, String mesh, List<Preset> presets) {
        this.gpt = Gpt.of(size);
        Context context = Context.of(gpt.model().sizes(), Precision.FLOAT, Machine.measured());
        this.mesh = new LocalMesh(Partition.of(gpt.program(), context,
                Splitting.of(Mesh.of(mesh), List.of(), presets), gpt.optimizerStates()), Precision.FLOAT,
                Machine.measured());
        for (Parameter parameter : gpt.model().parameters()) {
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
