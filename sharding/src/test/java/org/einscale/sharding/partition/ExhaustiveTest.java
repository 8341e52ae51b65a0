package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One product {@code x[i j] w[j k] -> y[i k]} between given shardings, sent with fewest bytes. */
class ExhaustiveTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // A sum that is wanted in parts is scattered, also where the parts are uneven.
        "x=3 | 9 12 6 | * x | x * | * x | reduce_scatter x 144",
        "x=2 | 10 7 6 | * x | x * | x * | reduce_scatter x 120",
        "x=2,y=2 | 12 20 8 | x y | y * | x y | reduce_scatter y 96",
        // A sum over two mesh axes is one exchange.
        "x=2,y=3 | 6 12 6 | * x+y | x+y * | * * | all_reduce x+y 240",
        // Addends stay addends.
        "x=2,y=2 | 4 6 8 | * * sum x | * * sum y | * * sum x+y | ",
        // The operand that nobody can use where it is comes to the others.
        "x=4 | 64 8 8 | x * | x * | x * | all_gather x 192",
        // Where mesh axes change places, only the result moves, a block from device to device.
        "x=2,y=2 | 16 64 16 | x * | * y | y x | permute x+y 256",
        // What several devices have is exchanged in parts, which are gathered.
        "x=4,y=2 | 64 4 8 | x * | * * | y * | all_to_all x+y 128, all_gather x 384",
        // Factors of mesh axes are put together anew on the way.
        "x=4,y=6 | 12 4 4 | x * | * * | y * | permute x+y 8, all_gather x 24"})
    void isTheLeast(String mesh, String sizes, String x, String w, String y, String exchanges) {
        int[] size = Arrays.stream(sizes.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
        Context context = Context.of(Sizes.of(Map.of("i", size[0], "j", size[1], "k", size[2])));
        ProgramBuilder builder = new ProgramBuilder();
        Value left = builder.input("x", "i j");
        Value right = builder.input("w", "j k");
        Value result = builder.einsum("i j, j k -> i k", left, right);
        builder.output(result);
        Program program = builder.build();
        Map<Value, Sharding> declared = new LinkedHashMap<>();
        declared.put(left, sharding(x));
        declared.put(right, sharding(w));
        declared.put(result, sharding(y));

        Partition partition = Partition.exhaustive(program, context, SubAxes.of(Mesh.of(mesh), List.of()), declared,
                Network.BYTES);

        SubAxes cut = SubAxes.in(partition.mesh());
        assertThat(partition.collectives().stream().map(statement -> text(statement, cut, partition))
                .collect(Collectors.joining(", "))).as("%s", partition.local())
                .isEqualTo(Objects.requireNonNullElse(exchanges, ""));
        Map<Value, INDArray> given = Filling.of(program, context.sizes(), 3);
        INDArray expected = Objects
                .requireNonNull(Interpreter.run(program, context.sizes(), given).values().get(result));
        assertThat(Objects.requireNonNull(new Lockstep(partition, given).run().get(result)).equalsWithEps(expected,
                1e-12)).isTrue();
    }

    private static String text(Statement statement, SubAxes cut, Partition partition) {
        Operation.Collective collective = (Operation.Collective) statement.operation();
        return collective.exchange().name().toLowerCase(Locale.ROOT) + " "
                + String.join("+", cut.joined(collective.over())) + " " + partition.bytes(statement);
    }

    private static Sharding sharding(String text) {
        String[] sides = text.strip().split(" sum ");
        List<List<String>> split = new ArrayList<>();
        for (String over : sides[0].split(" ")) {
            split.add(over.equals("*") ? List.of() : List.of(over.split("\\+")));
        }
        return new Sharding(split, new TreeSet<>(sides.length == 1 ? List.of() : List.of(sides[1].split("\\+"))));
    }
}
