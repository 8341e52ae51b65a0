package org.einscale.trainer.layer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.random.Philox;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model with content, run by the interpreter in float64. */
public final class Interpreted {
    private static final long SEED = 7;

    private final Model model;
    private final Map<Value, INDArray> given = new HashMap<>();

    /** Parameters as their initialisers say, tokens drawn at random. */
    public Interpreted(Model model) {
        this.model = model;
        model.parameters().forEach(p -> given.put(p.value(), start(model, p)));
        put(model.tokens(), draw(model.tokens(), "tokens"));
        put(model.targets(), draw(model.targets(), "targets"));
        model.dropoutStep().ifPresent(step -> put(step, Nd4j.scalar(3.0)));
    }

    /** Adds noise to every parameter, so that no gain is 1 and no bias 0. */
    Interpreted noisy() {
        for (Parameter parameter : model.parameters()) {
            INDArray array = get(parameter.value());
            Philox noise = Philox.of(SEED, "noise." + parameter.value().name());
            for (long i = 0; i < array.length(); i++) {
                array.putScalar(i, array.getDouble(i) + 0.3 * noise.normal(i));
            }
        }
        return this;
    }

    static INDArray start(Model model, Parameter parameter) {
        long count = model.sizes().volume(parameter.value().axes());
        try (TensorArena arena = TensorArena.allocate(count * Double.BYTES)) {
            parameter.initialiser().fill(Precision.DOUBLE, arena.address(), count, SEED, parameter.value().name());
            return arena.array(Precision.DOUBLE, 0, shape(model, parameter.value())).dup();
        }
    }

    private static long[] shape(Model model, Value value) {
        return value.axes().stream().mapToLong(model.sizes()::of).toArray();
    }

    private INDArray draw(Value value, String name) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape(model, value));
        Philox random = Philox.of(SEED, name);
        int vocabulary = model.sizes().of(new org.einscale.tensor.Axis("v"));
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, Math.floor(random.uniform(i) * vocabulary));
        }
        return array;
    }

    public void put(Value value, INDArray array) {
        given.put(value, array);
    }

    /** Gives 0 to every state that has nothing yet: those of an optimizer. */
    void startAtZero(Program program) {
        program.states().forEach(
                state -> given.computeIfAbsent(state, s -> Nd4j.zeros(DataType.DOUBLE, shape(model, s))));
    }

    public INDArray get(Value value) {
        return Objects.requireNonNull(given.get(value));
    }

    Map<Value, INDArray> run(Program program) {
        return Interpreter.run(program, model.sizes(), given).values();
    }

    INDArray run(Value value) {
        return Objects.requireNonNull(run(model.program()).get(value));
    }

    double loss() {
        return run(model.loss()).getDouble(0);
    }

    /** Runs a training step and keeps the new states. */
    public Map<Value, INDArray> train(Program program) {
        Interpreter.Run run = Interpreter.run(program, model.sizes(), given);
        given.putAll(run.states());
        return run.values();
    }

    /** Gradients of the loss: the pass's at an element, and the slope found by moving the element both ways. */
    record Slopes(String element, double pass, double difference) {}

    Slopes slopes(Map<Value, INDArray> gradients, Value parameter, long element) {
        double step = 1e-5;
        INDArray array = get(parameter);
        double before = array.getDouble(element);
        array.putScalar(element, before + step);
        double above = loss();
        array.putScalar(element, before - step);
        double below = loss();
        array.putScalar(element, before);
        double pass = Objects.requireNonNull(gradients.get(parameter)).getDouble(element);
        return new Slopes(parameter.name() + "[" + element + "]", pass, (above - below) / (2 * step));
    }

    /** Two elements of each parameter. */
    List<Slopes> slopes() {
        List<Value> values = model.parameters().stream().map(Parameter::value).toList();
        var gradient = org.einscale.einsum.pass.gradient.Gradient.of(model.program(), model.loss(), values);
        Map<Value, INDArray> run = run(gradient.program());
        Map<Value, INDArray> gradients = new HashMap<>();
        gradient.of().forEach((value, g) -> gradients.put(value, Objects.requireNonNull(run.get(g))));
        return values.stream()
                .flatMap(v -> java.util.stream.LongStream.of(0, get(v).length() / 2)
                        .mapToObj(i -> slopes(gradients, v, i)))
                .toList();
    }
}
