package org.einscale.einsum.plan;

import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** Programs put together at random from every operation, with sizes: what a person would not think of. */
public final class RandomPrograms {
    /** A program and the sizes of all its axes. */
    public record Sample(Program program, Sizes sizes) {

        Sample differentiated() {
            ProgramBuilder builder = new ProgramBuilder(program);
            Value loss = builder.reduce(Reduction.SUM, builder.apply(Unary.SIN, program.outputs().getFirst()),
                    List.of());
            List<Value> variables = new ArrayList<>(program.inputs());
            variables.removeAll(Filling.wholeNumbers(program, sizes));
            variables.addAll(program.states());
            Gradient.Result gradient = Gradient.of(builder.build(), loss, variables);
            ProgramBuilder more = new ProgramBuilder(gradient.program());
            gradient.of().forEach((value, of) -> more.output(of));
            program.states().forEach(state -> more.update(state,
                    more.map(operand(0).minus(constant(0.1).times(operand(1))), state,
                            Objects.requireNonNull(gradient.of().get(state)))));
            return new Sample(more.build(), sizes);
        }
    }

    private static final int[] LENGTHS = {1, 2, 3, 4, 5, 8, 17};
    private static final long LARGEST = 1000;
    private static final List<Unary> SMOOTH = List.of(Unary.NEGATE, Unary.TANH, Unary.SIGMOID, Unary.GELU, Unary.SILU,
            Unary.SIN, Unary.COS, Unary.RELU,
            Unary.ABS);
    private static final List<Binary> CONTINUOUS = List.of(Binary.ADD, Binary.SUBTRACT, Binary.MULTIPLY, Binary.MAXIMUM,
            Binary.MINIMUM);

    private final Random random;
    private final ProgramBuilder builder = new ProgramBuilder();
    private final List<Value> values = new ArrayList<>();
    private final List<Value> states = new ArrayList<>();
    private final Map<Value, Integer> degrees = new HashMap<>();
    private Sizes sizes = Sizes.of(Map.of());
    private int names;

    private RandomPrograms(long seed) {
        this.random = new Random(seed);
    }

    /** A program of at least one statement and usually at most twelve. */
    public static Sample of(long seed) {
        return new RandomPrograms(seed).sample();
    }

    /** A program followed by its gradient with respect to every input and state, and a step of descent of the states. */
    public static Sample withGradient(long seed) {
        return new RandomPrograms(seed).sample().differentiated();
    }

    private Sample sample() {
        List<Axis> pool = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            pool.add(axis(random.nextInt(40) == 0 ? 0 : LENGTHS[random.nextInt(LENGTHS.length)]));
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            add(builder.input("x", text(subset(pool, 3))), 1);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Value state = builder.state("s", text(subset(pool, 3)));
            states.add(state);
            values.add(state);
        }
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            statement();
        }
        finish();
        return new Sample(builder.build(), sizes);
    }

    private void finish() {
        builder.output(values.getLast());
        for (Value value : values) {
            if (random.nextInt(4) == 0) {
                builder.output(value);
            }
        }
        for (Value state : states) {
            List<Value> fitting = values.stream().filter(v -> v.axes().equals(state.axes())).toList();
            if (random.nextInt(4) > 0) {
                builder.update(state, fitting.get(random.nextInt(fitting.size())));
            }
        }
    }

    private void statement() {
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> contract();
            case 3, 4, 5 -> map();
            case 6 -> reduce();
            case 7 -> withAxis().ifPresent(v -> add(softmax(v), 1));
            case 8 -> withAxis()
                    .ifPresent(v -> add(builder.normalise(pick(List.of(Norm.values())), v, pick(v.axes()), 0.1), 1));
            case 9 -> withAxis().ifPresent(this::take);
            case 10 -> withAxis().ifPresent(this::crossEntropy);
            case 11 -> withAxis().ifPresent(this::reshape);
            case 12 -> withAxis().ifPresent(this::part);
            default -> source();
        }
    }

    private void contract() {
        List<Value> operands = some(1 + random.nextInt(3));
        Map<Axis, Axis> names = new HashMap<>();
        Set<Axis> all = new LinkedHashSet<>();
        List<List<Axis>> terms = new ArrayList<>();
        for (Value operand : operands) {
            terms.add(
                    operand.axes().stream().map(axis -> names.computeIfAbsent(axis, a -> renamed(a, names))).toList());
            all.addAll(terms.getLast());
        }
        if (volume(all) <= 20 * LARGEST) {
            List<Axis> output = subset(all, 4);
            List<Axis> result = random.nextBoolean() ? output : output.stream().map(a -> axis(sizes.of(a))).toList();
            add(builder.contract(operands, terms, output, result), operands.stream().mapToInt(this::degree).sum());
        }
    }

    /** Now and then the name of another axis of the same size, which makes diagonals. */
    private Axis renamed(Axis axis, Map<Axis, Axis> names) {
        List<Axis> twins = names.values().stream().filter(a -> sizes.of(a) == sizes.of(axis)).sorted().toList();
        return !twins.isEmpty() && random.nextInt(6) == 0 ? pick(twins) : axis;
    }

    private void map() {
        List<Value> operands = some(1 + random.nextInt(3));
        Set<Axis> axes = new LinkedHashSet<>();
        operands.forEach(v -> axes.addAll(v.axes()));
        if (random.nextInt(5) == 0) {
            axes.addAll(pick(values).axes());
        }
        Pointwise expression = expression(operands.size(), 3);
        int degree = operands.stream().mapToInt(this::degree).sum() + expression.operations();
        add(builder.map(apply(Unary.SIN, expression), operands, subset(axes, axes.size())), 1 + degree / 8);
    }

    private Pointwise expression(int operands, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(6)) {
            case 0, 1 -> operand(random.nextInt(operands));
            case 2 -> constant(random.nextInt(5) - 2);
            case 3 -> apply(pick(SMOOTH), expression(operands, depth - 1));
            default -> combine(pick(CONTINUOUS), expression(operands, depth - 1), expression(operands, depth - 1));
        };
    }

    private void reduce() {
        Value value = pick(values);
        List<Axis> kept = subset(value.axes(), 3);
        Reduction reduction = volume(value.axes()) == 0 ? Reduction.SUM : pick(List.of(Reduction.values()));
        int degree = degree(value);
        add(builder.reduce(reduction, value, kept), reduction == Reduction.PROD ? 2 * degree + 4 : degree + 1);
    }

    private Value softmax(Value value) {
        List<Axis> two = subset(value.axes(), value.axes().size());
        return two.size() > 1 && random.nextBoolean()
                ? builder.causalSoftmax(value, two.get(0), two.get(1))
                : builder.softmax(value, two.get(0));
    }

    private void take(Value table) {
        Axis axis = pick(table.axes());
        List<Axis> indices = subset(pick(values).axes(), 2).stream().map(a -> axis(sizes.of(a))).toList();
        if (sizes.of(axis) > 0) {
            add(builder.take(table, builder.input("indices", text(indices)), axis), degree(table));
        }
    }

    private void crossEntropy(Value logits) {
        Axis axis = pick(logits.axes());
        List<Axis> rest = logits.axes().stream().filter(a -> !a.equals(axis)).toList();
        if (sizes.of(axis) > 0) {
            add(builder.crossEntropy(logits, builder.input("targets", text(rest)), axis), degree(logits) + 1);
        }
    }

    private void reshape(Value value) {
        if (random.nextBoolean()) {
            Axis axis = pick(value.axes());
            int size = sizes.of(axis);
            int factor = size > 0 && size % 2 == 0 ? 2 : 1;
            List<Axis> parts = random.nextBoolean()
                    ? List.of(axis(factor), axis(size / factor))
                    : List.of(axis(size / factor), axis(factor));
            add(builder.split(value, axis, parts), degree(value));
        } else {
            int from = random.nextInt(value.axes().size());
            List<Axis> parts = value.axes().subList(from, from + 1 + random.nextInt(value.axes().size() - from));
            add(builder.merge(value, parts, axis((int) volume(parts))), degree(value));
        }
    }

    private void part(Value value) {
        Axis axis = pick(value.axes());
        int size = sizes.of(axis);
        if (random.nextBoolean()) {
            int cut = random.nextInt(size + 1);
            List<Axis> parts = List.of(axis(cut), axis(size - cut));
            add(builder.slice(value, axis, parts, random.nextInt(2)), degree(value));
        } else {
            Axis padding = axis(random.nextInt(3));
            List<Axis> parts = List.of(axis, padding, axis);
            boolean twice = random.nextBoolean();
            Axis whole = axis(2 * size + sizes.of(padding));
            add(builder.concatenate(twice ? List.of(value, value) : List.of(value), whole, parts,
                    twice ? List.of(2, 0) : List.of(2)), degree(value));
        }
    }

    private void source() {
        Value like = pick(values);
        if (random.nextBoolean() && !like.axes().isEmpty()) {
            add(builder.iota(pick(like.axes())), 1);
        } else {
            add(builder.bernoulli(0.5, random.nextInt(9), "mask", builder.input("step", ""), like.axes()), 1);
        }
    }

    /** Keeps a value for later statements, squashed if it may have grown large or is a large array. */
    private void add(Value value, int degree) {
        if (volume(value.axes()) > LARGEST) {
            add(builder.reduce(Reduction.MEAN, value, value.axes().subList(0, 1)), degree);
        } else if (degree > 4) {
            add(builder.apply(Unary.TANH, value), 1);
        } else {
            values.add(value);
            degrees.put(value, degree);
        }
    }

    private int degree(Value value) {
        return degrees.getOrDefault(value, 1);
    }

    private Optional<Value> withAxis() {
        List<Value> able = values.stream().filter(v -> !v.axes().isEmpty()).toList();
        return able.isEmpty() ? Optional.empty() : Optional.of(pick(able));
    }

    private List<Value> some(int count) {
        List<Value> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(pick(values));
        }
        return some;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Up to so many of the axes in any order; all of them if there are no more. */
    private List<Axis> subset(java.util.Collection<Axis> axes, int most) {
        List<Axis> shuffled = new ArrayList<>(axes);
        Collections.shuffle(shuffled, random);
        return most >= axes.size() && random.nextBoolean() || most == axes.size()
                ? shuffled
                : List.copyOf(shuffled.subList(0, Math.min(shuffled.size(), random.nextInt(most + 1))));
    }

    private Axis axis(int size) {
        Axis axis = new Axis("a" + names++);
        sizes = sizes.with(axis, size);
        return axis;
    }

    private long volume(java.util.Collection<Axis> axes) {
        return sizes.volume(axes);
    }

    private static String text(List<Axis> axes) {
        return axes.stream().map(Axis::name).collect(Collectors.joining(" "));
    }
}
