package org.einscale.einsum.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.einscale.einsum.path.finder.Branch;
import org.einscale.einsum.path.finder.DynamicProgramming;
import org.einscale.einsum.path.finder.Greedy;
import org.einscale.einsum.path.finder.Optimal;
import org.einscale.einsum.path.finder.Paths;
import org.einscale.einsum.path.finder.RandomGreedy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class PathFinderTest {
    private static final String[] HEURISTICS = {"greedy", "branch", "random-greedy", "dp", "auto"};

    static Stream<String> names() {
        return Paths.names().stream();
    }

    private static Stream<Network> randomNetworks(int operands, int count) {
        return IntStream.range(0, count).mapToObj(seed -> Networks.random(seed, operands, 0, 5));
    }

    @ParameterizedTest
    @MethodSource("names")
    void pathsTurnAllOperandsIntoOne(String name) {
        for (int operands = 1; operands <= 8; operands++) {
            int count = operands;
            randomNetworks(operands, 40).forEach(network -> assertThatCode(
                    () -> Paths.byName(name).find(network).check(count)).as("%s", network).doesNotThrowAnyException());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void pathsKeepTheValue(String name) {
        for (int count = 1; count <= 4; count++) {
            int operands = count;
            IntStream.range(0, 15).mapToObj(seed -> Networks.random(seed, operands, 0, 2)).forEach(network -> {
                Naive naive = new Naive(network.sizes());
                assertThat(naive.along(Paths.byName(name).find(network), naive.operands(network), network))
                        .isEqualTo(naive.contract(naive.operands(network), network.output()));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void equalNetworksHaveEqualPaths(String name) {
        randomNetworks(7, 20).forEach(network -> assertThat(Paths.byName(name).find(network))
                .isEqualTo(Paths.byName(name).find(network)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void optimalIsTheLeastOfAllPaths(int operands) {
        randomNetworks(operands, operands == 5 ? 60 : 100)
                .forEach(network -> assertThat(Networks.total(network, new Optimal())).as("%s", network)
                        .isCloseTo(AllPaths.least(network), rounding(AllPaths.least(network))));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void dynamicProgrammingIsTheLeastOfThePathsWithoutOuterProductsOfAConnectedNetwork(int operands) {
        randomNetworks(operands, 150).filter(PathFinderTest::isConnected)
                .forEach(network -> assertThat(Networks.total(network, new DynamicProgramming())).as("%s", network)
                        .isCloseTo(AllPaths.leastWithoutOuterProducts(network),
                                rounding(AllPaths.leastWithoutOuterProducts(network))));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 9, 11})
    void dynamicProgrammingIsOptimalOnChains(int operands) {
        Network chain = Networks.chain(operands);
        double least = Networks.total(chain, new Optimal());

        assertThat(Networks.total(chain, new DynamicProgramming())).isCloseTo(least, rounding(least));
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 8})
    void noPathIsCheaperThanTheOptimal(int operands) {
        randomNetworks(operands, 60).forEach(network -> {
            double least = Networks.total(network, new Optimal());
            for (String name : HEURISTICS) {
                assertThat(Networks.total(network, Paths.byName(name))).as("%s of %s", name, network)
                        .isGreaterThanOrEqualTo(least * (1 - 1e-9));
            }
        });
    }

    @Test
    void severalRandomTriesAreNeverWorseThanOneGreedySearchAndSometimesBetter() {
        List<Double> ratios = IntStream.range(0, 40).mapToObj(seed -> Networks.random(seed, 12, 2, 5))
                .mapToDouble(network -> Networks.total(network, new RandomGreedy())
                        / Networks.total(network, new Greedy()))
                .boxed().toList();

        assertThat(ratios).allMatch(ratio -> ratio <= 1).anyMatch(ratio -> ratio < 0.9);
    }

    @Test
    void branchesAreNeverWorseThanTheFirstAndSometimesBetter() {
        List<Double> ratios = IntStream.range(0, 40).mapToObj(seed -> Networks.random(seed, 9, 2, 5))
                .mapToDouble(network -> Networks.total(network, new Branch(4, 100_000))
                        / Networks.total(network, new Branch(1, 100_000)))
                .boxed().toList();

        assertThat(ratios).allMatch(ratio -> ratio <= 1).anyMatch(ratio -> ratio < 0.9);
    }

    @Test
    void seedsDecideRandomPaths() {
        Network network = Networks.regular(60, 3, 1);

        assertThat(new RandomGreedy(4, 1, 5).find(network)).isEqualTo(new RandomGreedy(4, 1, 5).find(network));
        assertThat(new RandomGreedy(4, 1, 5).find(network)).isNotEqualTo(new RandomGreedy(4, 1, 6).find(network));
    }

    @ParameterizedTest
    @ValueSource(strings = {"greedy", "branch", "random-greedy", "auto"})
    void hundredsOfOperandsAreNoTrouble(String name) {
        for (Network network : new Network[]{Networks.chain(300), Networks.regular(300, 3, 1)}) {
            assertThatCode(() -> Paths.byName(name).find(network).check(300)).doesNotThrowAnyException();
        }
    }

    @Test
    void dynamicProgrammingTakesLongChains() {
        Network chain = Networks.chain(60);

        assertThat(Networks.total(chain, new DynamicProgramming()))
                .isLessThan(Networks.total(chain, new RandomGreedy()));
    }

    @Test
    void exactSearchesNameAnotherWhenThereAreTooManyOperands() {
        assertThatThrownBy(() -> new Optimal().find(Networks.chain(16)))
                .hasMessage("an optimal path is searched for up to 15 operands, found 16: use 'auto' or 'dp'");
        assertThatThrownBy(() -> new DynamicProgramming().find(Networks.regular(300, 3, 1)))
                .hasMessageStartingWith("dynamic programming over 300 operands needs more than 2000000 sets")
                .hasMessageEndingWith("use 'auto', 'random-greedy' or 'greedy'");
        assertThatThrownBy(() -> new DynamicProgramming().find(Networks.regular(40, 6, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isConnected(Network network) {
        Network left = network;
        for (int i = 1; i < network.operands().size(); i++) {
            Network now = left;
            Path.Meeting meeting = IntStream.range(0, now.operands().size() - 1)
                    .filter(other -> now.operands().getLast().stream().anyMatch(now.operands().get(other)::contains))
                    .mapToObj(other -> new Path.Meeting(other, now.operands().size() - 1)).findFirst().orElse(null);
            if (meeting == null) {
                return false;
            }
            left = left.meet(meeting);
        }
        return true;
    }

    private static Offset<Double> rounding(double value) {
        return within(value * 1e-9);
    }
}
