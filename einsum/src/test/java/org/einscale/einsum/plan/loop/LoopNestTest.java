package org.einscale.einsum.plan.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopNestTest {
    private final List<String> calls = new ArrayList<>();
    private final LoopBody body = (base, a, b, c, add) -> calls.add(a + " " + b + (add ? " +> " : " -> ") + c);

    @Test
    void aProductOfMatricesElementByElement() {
        Loops loops = Loops.of(new long[]{2, 1, 2}, new long[]{2, 7, 1}, new long[]{0, 7, 3}, new long[]{1, 7, 0});
        LoopNest.of(body, loops, 4).run(new long[0], 1000, 2000, 3000, false);
        assertThat(calls).containsExactly("1000 2000 -> 3000", "1004 2012 +> 3000", "1008 2000 -> 3004",
                "1012 2012 +> 3004");
    }

    @Test
    void whatIsAddedToTheResultBeforeStaysAdded() {
        LoopNest.of(body, LoopNest.loops(new long[]{2}, new long[]{3}, new long[]{5}), 8).run(new long[0], 0, 7, 0,
                true);
        assertThat(calls).containsExactly("0 7 +> 0", "24 7 +> 40");
    }

    @Test
    void aRoundOfAnOuterLoopThatStaysAddsToAllOfTheLastOne() {
        LoopNest.of(body, LoopNest.loops(new long[]{2, 2}, new long[]{10, 1}, new long[]{0, 1}), 1).run(new long[0], 0,
                0, 0, false);
        assertThat(calls).containsExactly("0 0 -> 0", "1 0 -> 1", "10 0 +> 0", "11 0 +> 1");
    }

    @Test
    void noRoundIsNoCallAndNoLoopIsOne() {
        LoopNest.of(body, LoopNest.loops(new long[]{3, 0}, new long[]{1, 1}, new long[]{1, 1}), 4).run(new long[0], 0,
                0,
                0, false);
        assertThat(calls).isEmpty();
        assertThat(LoopNest.of(body, LoopNest.loops(new long[]{1}, new long[]{5}, new long[]{5}), 4)).isSameAs(body);
    }
}
