package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways between shardings of 16 x 16 numbers, and how many of these a device sends. */
class ReshardingTest {
    private static final List<Integer> SIZES = List.of(16, 16);

    /** {@code x+y *}, and behind a sign of addition the mesh axes of an unfinished sum. */
    private static Sharding sharding(String text) {
        String[] sides = text.strip().split(" sum ");
        List<List<String>> split = new ArrayList<>();
        for (String over : sides[0].split(" ")) {
            split.add(over.equals("*") ? List.of() : List.of(over.split("\\+")));
        }
        return new Sharding(split, new TreeSet<>(sides.length == 1 ? List.of() : List.of(sides[1].split("\\+"))));
    }

    private static String text(Move move) {
        return move.exchange()
                .map(e -> e.name().toLowerCase(Locale.ROOT) + " " + String.join("+", move.over()) + " "
                        + Math.round(move.elements()))
                .orElse(move.over().isEmpty() ? "shard" : "begin " + String.join("+", move.over()));
    }

    private static List<Move> moves(String mesh, String from, String to) {
        return new Resharding(Mesh.of(mesh), Network.BYTES, 1).moves(sharding(from), sharding(to), SIZES);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // Each of n keeps 1/n of what it has and sends the rest.
        "x=4 | x * | * x | all_to_all x 48", "x=4 | x * | * * | all_gather x 192", "x=4 | * * | x * | shard",
        "x=2,y=2,z=2 | x+y+z * | * x+y+z | all_to_all x+y+z 28",
        "x=2,y=2 | x y | y x | permute x+y 64", "x=2,y=2 | x+y * | y+x * | permute x+y 64",
        "x=2,y=2 | x+y * | x y | all_to_all y 32", "x=2,y=2 | x * | x+y * | shard",
        // Only what is replaced moves: the outer mesh axis stays.
        "x=2,y=2 | x+y * | x * | all_gather y 64", "x=2,y=2 | x * | y * | permute x 128",
        // Sums.
        "x=4 | * * sum x | x * | reduce_scatter x 192", "x=4 | * * sum x | * x | reduce_scatter x 192",
        "x=4 | * * sum x | * * | all_reduce x 384", "x=2,y=2 | y * sum x | y x | reduce_scatter x 64",
        "x=2,y=2 | * * sum x+y | x y | reduce_scatter x+y 192", "x=2,y=2 | * * sum x+y | * * sum y | all_reduce x 256",
        // Devices along an idle axis first take a part each, which costs nothing.
        "x=2,y=2 | * * sum x | y * | shard, all_reduce x 128", "x=2,y=2 | * * sum x | x y | shard, reduce_scatter x 64",
        "x=4 | x * | x * | nothing"})
    void isTheFewestBytes(String mesh, String from, String to, String moves) {
        String found = moves(mesh, from, to).stream().map(ReshardingTest::text).collect(Collectors.joining(", "));

        assertThat(found.isEmpty() ? "nothing" : found).isEqualTo(moves);
    }

    /** With so many idle devices it pays that they help, and hand their part of the sum to one another. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=4,y=4 | * * sum x | * * | 288", "x=4 | * * sum x | * * | 384"})
    void idleDevicesShareInASum(String mesh, String from, String to, double elements) {
        assertThat(moves(mesh, from, to).stream().mapToDouble(Move::elements).sum()).isEqualTo(elements);
    }

    /** A round trip costs more than few bytes do. */
    @ParameterizedTest
    @CsvSource({"1, all_reduce x 2", "100000, all_reduce x 200000"})
    void aSumIsOneAllReduceWhereNothingIsScattered(int size, String moves) {
        Network network = new Network(1e9, 1e9, 1e-3);

        assertThat(new Resharding(Mesh.of("x=2"), network, 4)
                .moves(sharding("* sum x").with(List.of("x")), sharding("*"), List.of(2 * size)).stream()
                .map(ReshardingTest::text)).containsExactly(moves);
    }

    /** The first device keeps what all have, and the others take 0. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=4 | * * | * * sum x | begin x", "x=2,y=2 | y * | y * sum x | begin x",
        "x=2,y=2 | * * sum x | * * sum x+y | begin y", "x=4 | x * | * * sum x | all_gather x 192, begin x",
        "x=2,y=2 | * * sum x | * * sum y | begin y, all_reduce x 256"})
    void sumsAreBegunWithoutAnExchange(String mesh, String from, String to, String moves) {
        assertThat(String.join(", ", moves(mesh, from, to).stream().map(ReshardingTest::text).toList()))
                .isEqualTo(moves);
    }

    /** What is expected above, taken in order, ends where it should. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=2,y=2,z=3 | x+y z | z+y *", "x=2,y=2,z=3 | * * sum x+z | z+x y",
        "x=2,y=3 | y+x * | * x+y", "x=2,y=2,z=2 | x * sum y | * z sum y"})
    void movesEndAtTheTarget(String mesh, String from, String to) {
        List<Move> moves = moves(mesh, from, to);

        assertThat(moves.getLast().to()).isEqualTo(sharding(to));
        assertThat(Stream.concat(Stream.of(sharding(from)), moves.stream().map(Move::to))).doesNotHaveDuplicates();
    }
}
