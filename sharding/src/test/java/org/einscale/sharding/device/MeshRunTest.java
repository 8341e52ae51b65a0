package org.einscale.sharding.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An embedding that learns, on actors: its memory, its failures, its bits. */
@Isolated("counts the memory that all have allocated")
class MeshRunTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 6, "d", 5, "v", 9));

    /** Rows of a table, whose sum is the loss; the table goes against its gradient. */
    private record Embedding(Program program, Value indices, Value weights, Value table, Value loss, Value gradient) {
        static Embedding of() {
            ProgramBuilder builder = new ProgramBuilder();
            Value table = builder.state("table", "v d");
            Value indices = builder.input("indices", "b");
            Value weights = builder.input("weights", "b d");
            Value rows = builder.take(table, indices, new Axis("v"));
            Value loss = builder.reduce(Reduction.SUM, builder.multiply(rows, weights), List.of());
            builder.output(loss);
            Gradient.Result gradient = Gradient.of(builder.build(), loss, List.of(table));
            ProgramBuilder more = new ProgramBuilder(gradient.program());
            Value dTable = Objects.requireNonNull(gradient.of().get(table));
            more.output(dTable);
            more.update(table, more.map(operand(0).minus(constant(2).times(operand(1))), table, dTable));
            return new Embedding(more.build(), indices, weights, table, loss, dTable);
        }

        Partition on(String mesh, String rules) {
            return Partition.of(program, Context.of(SIZES),
                    new Splitting(Rules.of(Mesh.of(mesh), rules), true, Network.LOCAL), Set.of());
        }

        /** Whole numbers, of which every sum is exact. */
        Map<Value, INDArray> given(Random random) {
            return Map.of(indices, Nd4j.create(random.ints(6, 0, 4).mapToDouble(i -> i).toArray()), weights,
                    whole(random, 6, 5), table, whole(random, 9, 5));
        }

        private static INDArray whole(Random random, int rows, int columns) {
            return Nd4j.create(random.ints((long) rows * columns, -9, 10).mapToDouble(i -> i).toArray())
                    .reshape('c', rows, columns);
        }
    }

    private static LocalMesh mesh(Partition partition, Precision precision) {
        return new LocalMesh(partition, precision, Machine.typical());
    }

    /** Sums of so many elements that they take one round, or one more than that, in the memory of what is summed. */
    @ParameterizedTest
    @CsvSource({"x=2, 262144", "x=2, 262145", "x=3, 262145"})
    void sumsThatAreLargeAreExact(String axes, int elements) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b e");
        Value sum = builder.reduce(Reduction.SUM, builder.map(operand(0).plus(constant(1)), x), List.of(new Axis("e")));
        Value square = builder.output("square", builder.multiply(sum, sum));
        Partition partition = Partition.of(builder.build(), Context.of(Sizes.of(Map.of("b", 6, "e", elements))),
                new Splitting(Rules.of(Mesh.of(axes), "b=x"), true, Network.LOCAL), Set.of());
        assertThat(partition.collectives()).singleElement().asString().contains("all_reduce");
        INDArray whole = Nd4j.create(new Random(4).ints(6L * elements, -9, 10).mapToDouble(i -> i).toArray())
                .reshape('c', 6, elements);
        INDArray right = whole.add(1).sum(0);
        try (LocalMesh mesh = mesh(partition, Precision.FLOAT)) {
            mesh.write(x, whole);
            for (int run = 0; run < 3; run++) {
                mesh.run();
                assertThat(mesh.read(square)).isEqualTo(right.mul(right).castTo(DataType.FLOAT));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=2 | v=x | FLOAT", "x=4 | v=x | DOUBLE", "x=3,y=2 | v=x, b=y | FLOAT",
        "x=2,y=2 | v=x+y | FLOAT", "x=2,y=2 | v=x, d=y | FLOAT", "x=3 | b=x | FLOAT", "x=5 | d=x | DOUBLE"})
    void wholeNumbersAreExactAndRowsOfNoIndexHaveNoGradient(String mesh, String rules, Precision precision) {
        Embedding e = Embedding.of();
        Map<Value, INDArray> given = e.given(new Random(1));
        Interpreter.Run right = Interpreter.run(e.program, SIZES, given);
        try (LocalMesh devices = mesh(e.on(mesh, rules), precision)) {
            given.forEach(devices::write);
            devices.run();

            assertThat(devices.readScalar(e.loss))
                    .isEqualTo(Objects.requireNonNull(right.values().get(e.loss)).getDouble());
            assertThat(devices.read(e.loss).getDouble()).isEqualTo(devices.readScalar(e.loss));
            INDArray gradient = devices.read(e.gradient);
            assertThat(gradient.dataType()).isEqualTo(precision.dataType());
            assertThat(gradient.castTo(DataType.DOUBLE)).isEqualTo(right.values().get(e.gradient));
            assertThat(numbers(gradient.getRows(4, 5, 6, 7, 8))).containsOnly(0);
            assertThat(devices.read(e.table).castTo(DataType.DOUBLE)).isEqualTo(right.states().get(e.table));
        }
    }

    /** 256 devices of one process: a product and its gradient of whole numbers, which are exact in any order. */
    @Test
    void hundredsOfDevicesAreOne() {
        Sizes sizes = Sizes.of(Map.of("b", 33, "d", 5, "f", 40));
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value w = builder.state("w", "d f");
        Value y = builder.einsum("b d, d f -> b f", x, w);
        Value loss = builder.reduce(Reduction.SUM, builder.multiply(y, y), List.of());
        builder.output(loss);
        Gradient.Result gradient = Gradient.of(builder.build(), loss, List.of(w));
        ProgramBuilder more = new ProgramBuilder(gradient.program());
        more.update(w, more.map(operand(0).minus(operand(1)), w, Objects.requireNonNull(gradient.of().get(w))));
        Program program = more.build();
        Map<Value, INDArray> given = Map.of(x, Embedding.whole(new Random(3), 33, 5), w,
                Embedding.whole(new Random(4), 5, 40));
        Interpreter.Run right = Interpreter.run(program, sizes, given);
        try (LocalMesh devices = mesh(Partition.of(program, Context.of(sizes),
                new Splitting(Rules.of(Mesh.of("x=16,y=16"), "b=x, f=y"), true, Network.LOCAL), Set.of()),
                Precision.DOUBLE)) {
            given.forEach(devices::write);
            devices.run();

            assertThat(devices.readScalar(loss))
                    .isEqualTo(Objects.requireNonNull(right.values().get(loss)).getDouble());
            assertThat(devices.read(w)).isEqualTo(right.states().get(w));
        }
    }

    /** A row that is no number is so for those alone who ask for it. */
    @Test
    void rowsThatOthersHaveAreNotTouchedByNaN() {
        Embedding e = Embedding.of();
        INDArray table = Nd4j.ones(DataType.DOUBLE, 9, 5);
        table.putRow(4, Nd4j.valueArrayOf(new long[]{5}, Double.NaN, DataType.DOUBLE));
        try (LocalMesh devices = mesh(e.on("x=2", "v=x"), Precision.DOUBLE)) {
            devices.write(e.table, table);
            devices.write(e.indices, Nd4j.createFromArray(0.0, 1, 2, 6, 7, 8));
            devices.write(e.weights, Nd4j.ones(DataType.DOUBLE, 6, 5));
            devices.run();

            assertThat(devices.readScalar(e.loss)).isEqualTo(30);
            assertThat(numbers(devices.read(e.gradient).getRow(4))).containsOnly(0);
        }
    }

    private static double[] numbers(INDArray array) {
        return array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(Precision precision) {
        Embedding e = Embedding.of();
        INDArray table = Embedding.whole(new Random(2), 5, 9).mul(1.5).transpose();
        try (LocalMesh devices = mesh(e.on("x=2,y=2", "v=x, d=y"), precision)) {
            devices.write(e.table, table);

            assertThat(devices.read(e.table)).isEqualTo(table.castTo(precision.dataType()));
            assertThatThrownBy(() -> devices.write(e.table, table.transpose()))
                    .hasMessage("table#0[v d] is written from an array of shape [5, 9]; expected [9, 5]");
        }
    }

    /** Numbers of which every order of adding has a sum of its own. */
    @Test
    void everyRunHasTheSameBits() {
        Embedding e = Embedding.of();
        Random random = new Random(7);
        INDArray indices = Nd4j.createFromArray(0.0, 8, 8, 0, 8, 0);
        INDArray weights = Nd4j.create(random.doubles(30, -1, 1).toArray()).reshape('c', 6, 5);
        INDArray table = Nd4j.create(random.doubles(45, -1, 1).toArray()).reshape('c', 9, 5);
        float[] first = {};
        for (int session = 0; session < 5; session++) {
            try (LocalMesh devices = mesh(e.on("x=3,y=2", "b=x, d=y"), Precision.FLOAT)) {
                for (int run = 0; run < 20; run++) {
                    devices.write(e.table, table);
                    devices.write(e.indices, indices);
                    devices.write(e.weights, weights);
                    devices.run();
                    float[] found = devices.read(e.table).dup('c').data().asFloat();
                    first = first.length == 0 ? found : first;
                    assertThat(Arrays.equals(found, first)).as("run %d of session %d", run, session).isTrue();
                }
            }
        }
    }

    @Test
    void aDeviceThatFailsIsNamedAndEndsTheMesh() {
        Embedding e = Embedding.of();
        long before = TensorArena.allocatedBytes();
        try (LocalMesh devices = mesh(e.on("x=3", "b=x"), Precision.FLOAT)) {
            devices.write(e.indices, Nd4j.createFromArray(0.0, 1, 2, 9, 4, 5));

            assertThatThrownBy(devices::run).isInstanceOf(DeviceFailure.class)
                    .hasMessageStartingWith("device 1 failed at or before ").hasMessageContaining("all_reduce(")
                    .hasMessageEndingWith("IndexOutOfBoundsException: index 9.0 in row 1 is not in [0, 9)")
                    .hasCauseInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(devices::run).isInstanceOf(DeviceFailure.class)
                    .hasMessage("the mesh has stopped; expected one that is open and whose devices have not failed");
        }
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void closingFreesAllMemory() {
        Embedding e = Embedding.of();
        long before = TensorArena.allocatedBytes();
        LocalMesh devices = mesh(e.on("x=2,y=2", "b=x, v=y"), Precision.FLOAT);
        assertThat(TensorArena.allocatedBytes()).isGreaterThan(before);
        devices.run();
        Thread.currentThread().interrupt();
        devices.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
        assertThatThrownBy(devices::run).isInstanceOf(DeviceFailure.class)
                .hasMessageStartingWith("the mesh has stopped");
    }
}
