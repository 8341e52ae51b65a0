package org.einscale.trainer;

import java.util.Optional;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceMesh;
import org.einscale.tensor.memory.Arrays;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.einscale.trainer.text.Batches;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A step on several devices. Weights, batches and dropout are those of one device. */
final class MeshStep implements TrainingStep {
    private final TrainingSpec spec;
    private final PlannedStep planned;
    private final TrainingProgram training;
    private final Batches batches;
    private final int[] inputs;
    private final int[] targets;
    private final INDArray tokenArray;
    private final INDArray targetArray;
    private final TokenInput tokenInput;
    private final TokenInput targetInput;
    private final DeviceMesh mesh;
    private final MeshStates states;

    MeshStep(PreparedTraining prepared, Meshes meshes) {
        this.spec = prepared.spec();
        this.planned = prepared.step();
        this.training = planned.training();
        this.batches = prepared.data().batches(spec);
        this.inputs = new int[spec.batch() * spec.length()];
        this.targets = new int[inputs.length];
        this.tokenArray = array(training.tokens());
        this.targetArray = array(training.targets());
        this.tokenInput = new TokenInput(Arrays.addressOf(tokenArray), spec.precision());
        this.targetInput = new TokenInput(Arrays.addressOf(targetArray), spec.precision());
        this.mesh = meshes.open(planned);
        try {
            this.states = new MeshStates(mesh, training.program().states());
            for (Parameter parameter : planned.model().parameters()) {
                INDArray whole = array(parameter.value());
                parameter.initialiser().fill(spec.precision(), Arrays.addressOf(whole), whole.length(), spec.seed(),
                        parameter.value().name());
                mesh.write(parameter.value(), whole);
            }
        } catch (RuntimeException | Error e) {
            mesh.close();
            throw e;
        }
    }

    private INDArray array(Value value) {
        return Nd4j.create(spec.precision().dataType(), value.axes().stream().mapToLong(planned.sizes()::of).toArray(),
                'c');
    }

    @Override
    public double run(long index) {
        batches.fill(index, inputs, targets);
        tokenInput.write(inputs);
        targetInput.write(targets);
        mesh.write(training.tokens(), tokenArray);
        mesh.write(training.targets(), targetArray);
        mesh.write(training.learningRate(), spec.learningRate(index));
        mesh.write(training.step(), index + 1);
        Optional<Value> dropoutStep = planned.model().dropoutStep();
        dropoutStep.ifPresent(value -> mesh.write(value, index));
        mesh.run();
        return mesh.readScalar(training.loss());
    }

    @Override
    public States states() {
        return states;
    }

    @Override
    public void close() {
        mesh.close();
    }
}
