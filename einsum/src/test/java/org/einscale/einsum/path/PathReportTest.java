package org.einscale.einsum.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.einscale.einsum.path.Path.Meeting;
import org.einscale.einsum.path.finder.Optimal;
import org.junit.jupiter.api.Test;

class PathReportTest {
    private static final Network CHAIN = Networks.of("ij,jk,kl,lm->im", "i2 j3 k5 l7 m11");

    @Test
    void intermediatesLiveFromTheirMakingToTheirMeeting() {
        PathReport apart = PathReport.of(CHAIN,
                new Path(List.of(new Meeting(0, 1), new Meeting(0, 1), new Meeting(0, 1))));

        assertThat(apart.steps()).extracting(PathReport.Step::liveElements).containsExactly(10.0, 65.0, 65.0);
        assertThat(apart.peakElements()).isEqualTo(65);
        assertThat(apart.largestIntermediate()).isEqualTo(55);
        assertThat(apart.naiveFlops()).isEqualTo(4 * 2 * 3 * 5 * 7 * 11);
        assertThat(apart.flops()).isEqualTo(2 * (2 * 3 * 5 + 5 * 7 * 11 + 2 * 5 * 11));
        assertThat(apart.mostAxes()).isEqualTo(3);
    }

    @Test
    void anOperandSummedBeforeAnyMeetingIsAnIntermediate() {
        PathReport report = PathReport.of(Networks.of("ai,ij->j", "a4 i2 j3"), new Path(List.of(new Meeting(0, 1))));

        assertThat(report.flops()).isEqualTo(4 * 2 + 2 * 2 * 3);
        assertThat(report.peakElements()).isEqualTo(2);
    }

    @Test
    void theSideThatNeedsMoreMemoryIsMadeFirst() {
        Network network = Networks.of("ab,bc,cd,de,e->a", "a2 b2 c2 d9 e9");
        PathReport report = PathReport.of(network, new Optimal().find(network));

        assertThat(report.peakElements()).isEqualTo(9 + 2);
    }

    @Test
    void itReadsAsATable() {
        assertThat(PathReport.of(CHAIN, new Optimal().find(CHAIN))).hasToString("""
                508 FLOPs, naively 9240; largest intermediate 14, peak 24 elements; up to 3 axes at once
                  (0, 1)      i j, j k -> i k          60 FLOPs          10 elements  O(i j k)
                  (0, 2)      k l, i k -> i l         140 FLOPs          14 elements  O(i k l)
                  (0, 1)      l m, i l -> i m         308 FLOPs          22 elements  O(i l m)
                """);
    }
}
