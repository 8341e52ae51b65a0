package org.einscale.trainer;

import java.util.Optional;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.device.LocalMesh;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Axis;
import org.einscale.tensor.memory.Arrays;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.einscale.trainer.text.Batches;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A step on several devices. Weights, batches and dropout are those of one device. */
final class MeshStep implements TrainingStep {
    private final TrainingSpec spec;
    private final Model model;
    private final TrainingProgram step;
    private final Batches batches;
    private final int[] inputs;
    private final int[] targets;
    private final INDArray tokenArray;
    private final INDArray targetArray;
    private final TokenInput tokenInput;
    private final TokenInput targetInput;
    private final DeviceMesh mesh;
    private final MeshStates states;

    MeshStep(PreparedTraining prepared) {
        this.spec = prepared.spec();
        this.model = prepared.model();
        this.step = prepared.step();
        this.batches = prepared.data().batches(spec);
        this.inputs = new int[spec.batch() * spec.length()];
        this.targets = new int[inputs.length];
        this.tokenArray = array(model.tokens());
        this.targetArray = array(model.targets());
        this.tokenInput = new TokenInput(Arrays.addressOf(tokenArray), spec.precision());
        this.targetInput = new TokenInput(Arrays.addressOf(targetArray), spec.precision());
        this.mesh = new LocalMesh(partition(step, model, spec), spec.precision(), spec.machine());
        try {
            this.states = new MeshStates(mesh, step.program().states());
            for (Parameter parameter : model.parameters()) {
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

    /**
     * How the devices share the step.
     *
     * @throws ShardingError
     *             if a rule cannot hold, or devices along an axis of the mesh would all do the same
     */
    static Partition partition(TrainingProgram step, Model model, TrainingSpec spec) {
        Program program = TrainingStep.program(step, model);
        Partition partition = Partition.of(program,
                Context.of(model.sizes(), spec.precision(), spec.machine()), spec.splitting(),
                TrainingStep.optimizerStates(step, model));
        partition.idle().stream().findFirst().ifPresent(axis -> {
            throw new ShardingError("no axis of the model is split along mesh axis '" + axis + "', whose "
                    + partition.mesh().size(axis) + " devices would all do the same; the rules are "
                    + spec.splitting().rules().text() + ", the axes " + names(program));
        });
        return partition;
    }

    private static String names(Program program) {
        return program.values().stream().flatMap(value -> value.axes().stream()).map(Axis::name).distinct().sorted()
                .collect(Collectors.joining(", "));
    }

    private INDArray array(Value value) {
        return Nd4j.create(spec.precision().dataType(), value.axes().stream().mapToLong(model.sizes()::of).toArray(),
                'c');
    }

    @Override
    public double run(long index) {
        batches.fill(index, inputs, targets);
        tokenInput.write(inputs);
        targetInput.write(targets);
        mesh.write(model.tokens(), tokenArray);
        mesh.write(model.targets(), targetArray);
        mesh.write(step.learningRate(), spec.learningRate(index));
        mesh.write(step.step(), index + 1);
        Optional<Value> dropoutStep = model.dropoutStep();
        dropoutStep.ifPresent(value -> mesh.write(value, index));
        mesh.run();
        return mesh.readScalar(model.loss());
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
