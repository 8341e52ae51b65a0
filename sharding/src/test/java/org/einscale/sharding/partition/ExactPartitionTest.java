package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Of whole numbers, what devices come to together is right to the bit, however uneven their parts are. */
class ExactPartitionTest {

    /** Whole numbers that rise and fall, none of them twice in a row. */
    private static INDArray numbers(int... shape) {
        int count = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        return Nd4j.createFromArray(IntStream.range(0, count).mapToDouble(i -> (i * 37 + 11) % 101 - 50).toArray())
                .reshape('c', IntStream.of(shape).asLongStream().toArray());
    }

    private static Map<Value, INDArray> run(Program program, Map<String, Integer> sizes, String mesh, String rules,
            Map<Value, INDArray> given) {
        Partition partition = Partition.of(program, Context.of(Sizes.of(sizes)),
                new Splitting(Rules.of(Mesh.of(mesh), rules), true, Network.LOCAL), Set.of());
        return new Lockstep(partition, given).run();
    }

    private static double[] content(Map<Value, INDArray> values, Value value) {
        return Objects.requireNonNull(values.get(value)).dup('c').data().asDouble();
    }

    /** Rows that no token names have a gradient of 0, others the sum over the tokens that name them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=4 | v=x", "x=3 | v=x", "x=2,y=2 | v=x, b=y", "x=2,y=3 | b=x, d=y",
        "x=4,y=2 | v=x+y", "x=5 | b=x, table.v=x"})
    void gradientsOfATableAreSumsOfRows(String mesh, String rules) {
        ProgramBuilder builder = new ProgramBuilder();
        Value table = builder.state("table", "v d");
        Value tokens = builder.input("tokens", "b");
        Value weights = builder.input("weights", "b d");
        Value loss = builder.reduce(Reduction.SUM,
                builder.multiply(builder.take(table, tokens, new Axis("v")), weights), List.of());
        builder.output(loss);
        Gradient.Result gradient = Gradient.of(builder.build(), loss, List.of(table));
        ProgramBuilder more = new ProgramBuilder(gradient.program());
        Value slope = Objects.requireNonNull(gradient.of().get(table));
        more.output(slope);
        int[] named = {3, 10, 3, 0, 7, 10, 3};
        INDArray weight = numbers(7, 5);

        Map<Value, INDArray> found = run(more.build(), Map.of("v", 11, "d", 5, "b", 7), mesh, rules,
                Map.of(table, numbers(11, 5), tokens,
                        Nd4j.createFromArray(IntStream.of(named).asDoubleStream().toArray()), weights, weight));

        INDArray right = Nd4j.zeros(DataType.DOUBLE, 11, 5);
        for (int i = 0; i < named.length; i++) {
            right.getRow(named[i]).addi(weight.getRow(i));
        }
        assertThat(content(found, slope)).containsExactly(right.data().asDouble());
    }

    /** Nothing that is not there counts: all numbers are below 0, and the mean is over 7 of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=2 | l=x", "x=4 | l=x", "x=5 | l=x", "x=2,y=3 | l=x+y",
        "x=2,y=3 | b=x, l=y"})
    void reductionsSeeNoPadding(String mesh, String rules) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b l");
        Value largest = builder.reduce(Reduction.MAX, x, axes("b"));
        Value smallest = builder.reduce(Reduction.MIN, x, axes("b"));
        Value mean = builder.reduce(Reduction.MEAN, x, axes("b"));
        Value square = builder.einsum("b l, b l -> b", x, x);
        List.of(largest, smallest, mean, square).forEach(builder::output);
        INDArray in = Nd4j
                .createFromArray(new double[][]{{-7, -14, -21, -7, -28, -7, -70}, {-1, -2, -3, -4, -5, -6, -7},
                    {-9, -9, -9, -9, -9, -9, -9}});

        Map<Value, INDArray> found = run(builder.build(), Map.of("b", 3, "l", 7), mesh, rules, Map.of(x, in));

        assertThat(content(found, largest)).containsExactly(-7, -1, -9);
        assertThat(content(found, smallest)).containsExactly(-70, -7, -9);
        assertThat(content(found, mean)).containsExactly(-22, -4, -9);
        assertThat(content(found, square)).containsExactly(6468, 140, 567);
    }

    /** Rows of 8 seen as rows of 6, where borders between devices fall into the middle of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=4 | c=x", "x=3 | c=x, q=x", "x=2,y=2 | r=x, c=y", "x=2,y=3 | c=x, q=y",
        "x=4 | r=x, p=x", "x=5 | r=x, q=x", "x=4 | n=x", "x=2,y=2 | c=y, p=x+y"})
    void axesAreTakenApartAcrossBorders(String mesh, String rules) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "r c");
        Value flat = builder.merge(x, axes("r c"), new Axis("n"));
        Value seen = builder.split(flat, new Axis("n"), axes("p q"));
        Value sums = builder.reduce(Reduction.SUM, seen, axes("q"));
        builder.output(seen);
        builder.output(sums);
        INDArray in = numbers(12, 8);

        Map<Value, INDArray> found = run(builder.build(), Map.of("r", 12, "c", 8, "n", 96, "p", 16, "q", 6), mesh,
                rules, Map.of(x, in));

        assertThat(content(found, seen)).containsExactly(in.data().asDouble());
        assertThat(content(found, sums)).containsExactly(in.reshape('c', 16, 6).sum(0).data().asDouble());
    }
}
