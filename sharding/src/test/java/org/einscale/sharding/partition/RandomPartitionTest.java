package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.RandomPrograms;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Random programs with random rules on random meshes come to the same as on one device. */
@Tag("once")
class RandomPartitionTest {
    private static final int PROGRAMS = 60;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void programsAreTheSameOnEveryMesh(long seed) {
        for (int i = 0; i < PROGRAMS; i++) {
            check(RandomPrograms.of(seed * PROGRAMS + i), seed * PROGRAMS + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void gradientsAreTheSameOnEveryMesh(long seed) {
        for (int i = 0; i < PROGRAMS / 2; i++) {
            check(RandomPrograms.withGradient(seed * PROGRAMS + i), seed * PROGRAMS + i);
        }
    }

    /** Rules about single inputs and states, from which all others follow, or beside rules about axes. */
    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void rulesAboutValuesChangeNoValue(long seed) {
        for (int i = 0; i < PROGRAMS / 2; i++) {
            long number = seed * PROGRAMS + i;
            check(RandomPrograms.of(number), number, RandomPartitionTest::named);
            check(RandomPrograms.withGradient(number), number, RandomPartitionTest::both);
        }
    }

    private interface Drawn {
        Rules rules(Mesh mesh, Program program, Sizes sizes, Random random);
    }

    private static void check(RandomPrograms.Sample sample, long seed) {
        check(sample, seed, RandomPartitionTest::rules);
    }

    private static void check(RandomPrograms.Sample sample, long seed, Drawn drawn) {
        Random random = new Random(seed);
        Mesh mesh = mesh(random);
        Program program = sample.program();
        if (!Filling.possible(program, sample.sizes())) {
            return;
        }
        Rules rules = drawn.rules(mesh, program, sample.sizes(), random);
        Partition partition = Partition.of(program, Context.of(sample.sizes()),
                new Splitting(rules, random.nextBoolean(), Network.LOCAL), Set.of());
        Map<Value, INDArray> given = Filling.of(program, sample.sizes(), seed);
        Interpreter.Run expected = Interpreter.run(program, sample.sizes(), given);
        Map<Value, INDArray> found = new Lockstep(partition, given).run();
        found.forEach((value, array) -> {
            INDArray right = Objects.requireNonNull(
                    (program.states().contains(value) ? expected.states() : expected.values()).get(value));
            assertThat(close(array, right)).as("%s of program %d with %s%n%s%n%s%nexpected %s%nfound %s", value, seed,
                    rules, program, partition.local(), right, array).isTrue();
        });
    }

    private static boolean close(INDArray a, INDArray b) {
        double[] x = a.dup('c').data().asDouble();
        double[] y = b.dup('c').data().asDouble();
        if (a.length() == 0 && b.length() == 0) {
            return true;
        }
        for (int i = 0; i < x.length; i++) {
            if (Double.compare(x[i], y[i]) != 0 && !(Math.abs(x[i] - y[i]) <= 1e-9 * (1 + Math.abs(y[i])))) {
                return false;
            }
        }
        return true;
    }

    private static Mesh mesh(Random random) {
        Map<String, Integer> axes = new LinkedHashMap<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            axes.put("m" + i, 1 + random.nextInt(4));
        }
        return new Mesh(new LinkedHashMap<>(axes));
    }

    private static Rules rules(Mesh mesh, Program program, Sizes sizes, Random random) {
        Set<Axis> axes = new TreeSet<>();
        program.values().forEach(value -> axes.addAll(value.axes()));
        List<Rule> rules = new ArrayList<>();
        for (Axis axis : axes) {
            if (random.nextInt(3) > 0) {
                List<String> over = new ArrayList<>(mesh.axes().keySet());
                Collections.shuffle(over, random);
                List<String> some = over.subList(0, 1 + random.nextInt(Math.min(2, over.size())));
                if (sizes.has(axis) && sizes.of(axis) >= mesh.devices(some)) {
                    Rule.Scope scope = random.nextInt(4) == 0 ? new Rule.Scope.Parameters() : new Rule.Scope.All();
                    rules.add(new Rule(scope, axis.name(), List.copyOf(some)));
                }
            }
        }
        return new Rules(mesh, rules);
    }

    private static Rules named(Mesh mesh, Program program, Sizes sizes, Random random) {
        List<Rule> rules = new ArrayList<>();
        for (Value value : Stream.concat(program.inputs().stream(), program.states().stream()).toList()) {
            for (Axis axis : value.axes()) {
                List<String> over = new ArrayList<>(mesh.axes().keySet());
                Collections.shuffle(over, random);
                List<String> some = over.subList(0, 1 + random.nextInt(Math.min(2, over.size())));
                Rule rule = new Rule(new Rule.Scope.Named(value.name()), axis.name(), List.copyOf(some));
                if (random.nextBoolean() && sizes.has(axis) && sizes.of(axis) >= mesh.devices(some)
                        && rules.stream().noneMatch(other -> other.scope().equals(rule.scope())
                                && other.axis().equals(rule.axis()))) {
                    rules.add(rule);
                }
            }
        }
        return new Rules(mesh, rules);
    }

    private static Rules both(Mesh mesh, Program program, Sizes sizes, Random random) {
        List<Rule> byAxis = rules(mesh, program, sizes, random).rules();
        Stream<Rule> byValue = named(mesh, program, sizes, random).rules().stream()
                .filter(rule -> byAxis.stream().noneMatch(other -> other.axis().equals(rule.axis())));
        return new Rules(mesh, Stream.concat(byValue, byAxis.stream()).toList());
    }
}
