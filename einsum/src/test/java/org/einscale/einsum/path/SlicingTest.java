package org.einscale.einsum.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.path.finder.Auto;
import org.einscale.einsum.path.finder.Greedy;
import org.einscale.einsum.path.finder.Optimal;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicingTest {

    private static Stream<Network> randomNetworks() {
        return IntStream.range(0, 60).mapToObj(seed -> Networks.random(seed, 2 + seed % 4, 0, 3));
    }

    private static double peak(Network network, Path path) {
        return PathReport.of(network, path).peakElements();
    }

    @Test
    void nothingIsSlicedWhereThePeakIsSmallEnough() {
        Network network = Networks.of("ij,jk,kl->il", "i2 j3 k5 l7");
        Slicing slicing = Slicing.under(network, new Optimal(), 10);

        assertThat(slicing).isEqualTo(new Slicing(List.of(), 1, network, new Optimal().find(network), 200, 10));
    }

    @Test
    void anAxisOfTheOutputIsSlicedWhereThatAddsNoWork() {
        Network network = Networks.of("ij,jk,kl->il", "i8 j3 k5 l7");
        Path leftFirst = new Path(List.of(new Path.Meeting(0, 1), new Path.Meeting(0, 1)));
        Slicing slicing = Slicing.under(network, _ -> leftFirst, 5);

        assertThat(slicing.axes()).containsExactly(new Axis("i"));
        assertThat(slicing.slices()).isEqualTo(8);
        assertThat(slicing.flops()).isEqualTo(PathReport.of(network, leftFirst).flops());
        assertThat(slicing.peakElements()).isEqualTo(5);
    }

    @Test
    void largeIntermediatesFitTenMillionElementsForNoMoreWork() {
        Network network = Networks.of("mn,nr,fcr,nh,octh->oftm", "m8 n10 r3 f100 c300 h10 o100 t75");
        Path whole = new Auto().find(network);
        Slicing slicing = Slicing.under(network, new Auto(), 10_000_000);

        assertThat(peak(network, whole)).isGreaterThan(1e7);
        assertThat(slicing.peakElements()).isLessThanOrEqualTo(1e7);
        assertThat(slicing.flops()).isEqualTo(PathReport.of(network, whole).flops());
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 6, 12})
    void thePeakOfASliceIsUnderTheCap(long cap) {
        randomNetworks().forEach(network -> {
            Slicing slicing = Slicing.under(network, new Auto(), cap);
            double part = PathReport.of(slicing.network(), slicing.path()).flops();

            assertThat(peak(slicing.network(), slicing.path())).isEqualTo(slicing.peakElements())
                    .isLessThanOrEqualTo(cap);
            assertThat(slicing.flops()).isCloseTo(slicing.slices() * part, within(1e-6));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 6})
    void slicesMakeTheSameValue(long cap) {
        randomNetworks().filter(network -> network.sizes().axes().size() <= 7).forEach(network -> {
            Naive naive = new Naive(network.sizes());
            List<Naive.Tensor> operands = naive.operands(network);

            assertThat(naive.sliced(Slicing.under(network, new Auto(), cap), operands, network).values())
                    .isEqualTo(naive.contract(operands, network.output()).values());
        });
    }

    @Test
    void largeNetworksAreSlicedToo() {
        Network network = Networks.regular(60, 3, 3);
        double whole = peak(network, new Auto().find(network));
        Slicing slicing = Slicing.under(network, new Greedy(), (long) (whole / 4));

        assertThat(slicing.axes()).isNotEmpty();
        assertThat(peak(slicing.network(), slicing.path())).isLessThanOrEqualTo(whole / 4);
    }

    @Test
    void aPeakThatNoSlicingReachesIsRefusedWithTheLeast() {
        assertThatThrownBy(() -> Slicing.under(Networks.of("ij,jk,kl,lm->im", "i2 j3 k5 l7 m2"), new Optimal(), 1))
                .hasMessage("peak of 1 elements of intermediates cannot be reached by slicing: the least is 2");
        assertThat(Slicing.under(Networks.of("ij,jk,kl,lm->im", "i2 j3 k5 l7 m2"), new Optimal(), 2).peakElements())
                .isEqualTo(2);
    }
}
