package org.einscale.einsum.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.einscale.einsum.path.PathReport.Step;
import org.einscale.einsum.path.finder.Paths;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks on which path finders are known to have failed. */
class KnownNetworksTest {

    static Stream<String> names() {
        return Paths.names().stream();
    }

    private static PathReport report(String finder, Network network) {
        return PathReport.of(network, Paths.byName(finder).find(network));
    }

    @ParameterizedTest
    @MethodSource("names")
    void twoMatricesWithTheSameAxesMeetElementwiseFirst(String finder) {
        PathReport report = report(finder, Networks.of("ij,jk,kl,jk->il", "i500 j500 k500 l500"));

        assertThat(report.steps().getFirst().product()).isEqualTo(Networks.axes("jk"));
        assertThat(report.steps()).allMatch(step -> step.elements() == 250_000);
        assertThat(report.flops()).isEqualTo(2 * 250_000 + 2 * (2 * 125e6));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aVectorScalesAMatrixBeforeTheProduct(String finder) {
        PathReport report = report(finder, Networks.of("ik,k,kj->ij", "i512 j512 k256"));

        assertThat(report.flops()).isEqualTo(2 * 512 * 256 + 2 * 512.0 * 512 * 256);
        assertThat(report.largestIntermediate()).isEqualTo(512 * 256);
    }

    @ParameterizedTest
    @CsvSource({"optimal, 5.072e9", "auto, 5.072e9", "dp, 5.072e9", "branch, 5.072e9", "random-greedy, 1.42e10",
        "greedy, 1.42e10"})
    void noIntermediateIsLargerThanTheLargestOperand(String finder, double flops) {
        PathReport report = report(finder,
                Networks.of("mn,nr,fcr,nh,octh->oftm", "m8 n10 r3 f100 c300 h10 o100 t75"));

        assertThat(report.flops()).isLessThanOrEqualTo(flops);
        assertThat(report.largestIntermediate()).isLessThanOrEqualTo(22_500_000);
        assertThat(report.naiveFlops()).isEqualTo(5 * 8.0 * 10 * 3 * 100 * 300 * 10 * 100 * 75);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPartWithoutCommonAxesIsSummedOnItsOwn(String finder) {
        PathReport report = report(finder, Networks.of("ijk,ilm,njm,nlk,abc->", "i2 j4 k8 l4 m8 n2 a2 b4 c8"));

        assertThat(report.flops()).isLessThan(4200);
        assertThat(report.steps()).allMatch(step -> step.scaling().stream().noneMatch(Networks.axes("abc")::contains));
    }

    @ParameterizedTest
    @MethodSource("names")
    void axesOfSizeZeroMakeEveryMeetingThatHasThemFree(String finder) {
        PathReport report = report(finder, Networks.of("abc,cd,de,eba->", "a2000 b2000 c0 d0 e0"));

        assertThat(report.steps()).extracting(Step::flops).containsOnly(0.0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void scalarsAndSizesOfOneCostNearlyNothing(String finder) {
        assertThat(report(finder, Networks.of(",,->", "")).flops()).isEqualTo(4);
        assertThat(report(finder, Networks.of(",ij,->ij", "i2 j3")).flops()).isEqualTo(14);
        assertThat(report(finder, Networks.of("ij,jk,kl->il", "i1 j1 k1 l1")).flops()).isEqualTo(4);
        assertThat(report(finder, Networks.of("ij->i", "i3 j4")).flops()).isEqualTo(12);
        assertThat(report(finder, Networks.of("->", "")).flops()).isZero();
    }
}
