package org.einscale.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubAxesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=8 | x | {x=8} | x -> x",
        "x=8 | x:(1)2 | {x:(1)2=2, x:(2)4=4} | x -> x:(1)2 x:(2)4",
        "x=8 | x:(2)2 | {x:(1)2=2, x:(2)2=2, x:(4)2=2} | x:(2)2 x -> x:(2)2 x:(1)2 x:(2)2 x:(4)2",
        "x=8 | x:(1)2 x:(1)4 | {x:(1)2=2, x:(2)2=2, x:(4)2=2} | x:(1)4 -> x:(1)2 x:(2)2",
        "x=4, y=2 | x:(1)2 | {x:(1)2=2, x:(2)2=2, y=2} | y x:(2)2 -> y x:(2)2", "x=1 | x | {x=1} | x -> x"})
    void axesAreCutWhereFactorsBeginAndEnd(String mesh, String mentioned, String axes, String expanded) {
        SubAxes sub = SubAxes.of(Mesh.of(mesh), List.of(mentioned.split(" ")));
        String[] sides = expanded.split(" -> ");

        assertThat(sub.mesh().axes()).hasToString(axes);
        assertThat(sub.mesh().devices()).isEqualTo(Mesh.of(mesh).devices());
        assertThat(sub.expand(List.of(sides[0].split(" ")))).containsExactly(sides[1].split(" "));
    }

    @Test
    void factorsThatDoNotFitAreRefused() {
        Mesh mesh = Mesh.of("x=6");

        assertThatThrownBy(() -> SubAxes.of(mesh, List.of("x:(2)2"))).isInstanceOf(ShardingError.class).hasMessage(
                "'x:(2)2' is no factor of mesh axis 'x' of size 6; expected parts in front, times its size, to divide 6");
        assertThatThrownBy(() -> SubAxes.of(mesh, List.of("x:(1)2", "x:(1)3"))).isInstanceOf(ShardingError.class)
                .hasMessage("factors of mesh axis 'x' begin or end behind 2 and 3 parts; expected one of these numbers"
                        + " to divide the other");
        assertThatThrownBy(() -> SubAxes.of(mesh, List.of("y:(1)2"))).hasMessageContaining("the mesh has no axis 'y'");
    }

    @ParameterizedTest
    @CsvSource({"x, x:(1)2 x:(2)3 x:(6)2", "x:(2)6, x:(2)3 x:(6)2", "y x:(1)2, y x:(1)2", "x:(1)6 y, x:(1)2 x:(2)3 y",
        "x:(6)2 x:(2)3, x:(6)2 x:(2)3"})
    void factorsThatAreTogetherAnAxisAreCalledSo(String names, String factors) {
        SubAxes mesh = SubAxes.of(Mesh.of("x=12, y=2"), List.of("x:(2)3", "y"));

        assertThat(mesh.expand(List.of(names.split(" ")))).containsExactly(factors.split(" "));
        assertThat(mesh.joined(List.of(factors.split(" ")))).containsExactly(names.split(" "));
    }

    /** The smallest prime outermost, or the largest; what was cut before stays cut. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=12 | | true | {x:(1)2=2, x:(2)2=2, x:(4)3=3}",
        "x=12 | | false | {x:(1)3=3, x:(3)2=2, x:(6)2=2}", "x=12 | x:(1)4 | false | {x:(1)2=2, x:(2)2=2, x:(4)3=3}",
        "x=5,y=1 | | true | {x=5, y=1}"})
    void factorsAreCutIntoPrimes(String mesh, String mentioned, boolean smallestFirst, String axes) {
        SubAxes cut = SubAxes.of(Mesh.of(mesh), mentioned == null ? List.of() : List.of(mentioned));
        SubAxes primes = cut.primes(smallestFirst);

        assertThat(primes.mesh().axes()).hasToString(axes);
        assertThat(SubAxes.in(primes.mesh())).isEqualTo(primes);
        assertThat(primes.expand(List.of("x"))).allMatch(name -> name.startsWith("x"));
        assertThat(primes.joined(primes.expand(List.of("x")))).containsExactly("x");
    }
}
