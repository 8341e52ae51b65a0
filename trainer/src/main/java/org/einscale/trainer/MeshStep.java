package org.einscale.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceMesh;
import org.einscale.tensor.memory.Arrays;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A step on several devices. Weights, batches and dropout are those of one device. */
final class MeshStep implements TrainingStep {
    private final TrainingSpec spec;
    private final PlannedStep planned;
    private final TrainingProgram training;
    private final Sequences sequences;
    private final Map<Value, INDArray> arrays = new LinkedHashMap<>();
    private final BatchInput batch;
    private final DeviceMesh mesh;
    private final MeshStates states;

    MeshStep(PreparedTraining prepared, Meshes meshes) {
        this.spec = prepared.spec();
        this.planned = prepared.step();
        this.training = planned.training();
        this.sequences = prepared.data().training(spec);
        this.batch = new BatchInput(spec.batch(), spec.length(),
                new TokenInput(input(training.tokens()), spec.precision()),
                new TokenInput(input(training.targets()), spec.precision()),
                training.weights().map(weights -> new BatchInput.WeightInput(input(weights), spec.precision())));
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

    /** The address of an array for an input that is written into the mesh as a whole. */
    private long input(Value value) {
        INDArray array = array(value);
        arrays.put(value, array);
        return Arrays.addressOf(array);
    }

    private INDArray array(Value value) {
        return Nd4j.create(spec.precision().dataType(), value.axes().stream().mapToLong(planned.sizes()::of).toArray(),
                'c');
    }

    @Override
    public double run(long index) {
        batch.write(sequences, index * spec.batch());
        arrays.forEach(mesh::write);
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
