package org.einscale.einsum.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.einscale.einsum.path.Path.Meeting;
import org.einscale.einsum.path.finder.Branch;
import org.einscale.einsum.path.finder.Optimal;
import org.einscale.einsum.path.finder.Paths;
import org.einscale.einsum.path.finder.RandomGreedy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({"'ij,jk,kl->il', 'kl', 'ik'", "'ij,jk,jl->il', 'jl', 'ij'", "'bij,bjk,k->bi', 'k', 'bik'",
        "'ij,k,jk->', 'jk', 'jk'"})
    void aMeetingKeepsTheAxesThatAreStillNeeded(String equation, String third, String product) {
        Network met = Networks.of(equation, "i2 j3 k4 l5 b6").meet(new Meeting(0, 1));

        assertThat(met.operands()).containsExactly(Networks.axes(third), Networks.axes(product));
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> new Network(List.of(), Set.of(), Networks.of("i->i", "i2").sizes()))
                .hasMessage("a contraction without operands has no path: expected one or more");
        assertThatThrownBy(() -> Networks.of("ij,jk->ik", "i2 j3"))
                .hasMessage("axis 'k' has no size; known axes: i, j");
        assertThatThrownBy(() -> new Meeting(1, 0))
                .hasMessage("meeting of positions 1 and 0: expected two positions, the smaller first");
        assertThatThrownBy(() -> new Path(List.of(new Meeting(0, 1))).check(3))
                .hasMessage("path (0, 1) has 1 meetings: 3 operands need 2");
        assertThatThrownBy(() -> new Path(List.of(new Meeting(0, 1), new Meeting(0, 2))).check(3)).hasMessage(
                "meeting 2 of path (0, 1) (0, 2) is (0, 2): only 2 operands are left then, from 0");
        assertThatThrownBy(() -> Paths.byName("greddy")).hasMessage("path finder 'greddy' is unknown; known: "
                + "auto, branch, dp, greedy, optimal, random-greedy; did you mean 'greedy'?");
        assertThatThrownBy(() -> new RandomGreedy(0, 1, 0)).hasMessageContaining("expected at least 1 try");
        assertThatThrownBy(() -> new Branch(0, 1)).hasMessageContaining("expected 1 or more");
    }

    @Test
    void anOutputAxisThatNoOperandHasConcernsNoFinder() {
        Network network = new Network(List.of(Networks.axes("ij"), Networks.axes("jk")), Networks.axes("ikx"),
                Networks.of("ij,jk->ik", "i2 j3 k4").sizes());

        assertThat(PathReport.of(network, new Optimal().find(network)).flops()).isEqualTo(48);
    }
}
