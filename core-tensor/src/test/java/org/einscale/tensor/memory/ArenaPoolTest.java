package org.einscale.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the memory that all have allocated")
class ArenaPoolTest {
    private final ArenaPool pool = new ArenaPool(1000);
    private final long before = TensorArena.allocatedBytes();

    @Test
    void theSmallestThatIsLargeEnoughIsLentAgain() {
        TensorArena small = pool.take(100);
        TensorArena large = pool.take(300);
        pool.giveBack(large);
        pool.giveBack(small);
        assertThat(pool.take(80)).isSameAs(small);
        assertThat(pool.take(101)).isSameAs(large);
        assertThat(allocated()).isEqualTo(400);
    }

    @Test
    void aLargerOneReplacesTheLargest() {
        TensorArena small = pool.take(100);
        TensorArena large = pool.take(300);
        pool.giveBack(large);
        pool.giveBack(small);
        TensorArena larger = pool.take(400);
        assertThat(larger.bytes()).isEqualTo(400);
        assertThat(allocated()).isEqualTo(500);
        assertThat(pool.take(1)).isSameAs(small);
    }

    @Test
    void nothingIsLentTwice() {
        pool.giveBack(pool.take(100));
        assertThat(pool.take(100)).isNotSameAs(pool.take(100));
    }

    @Test
    void whatComesBackOnTopOfTheMostIsFreed() {
        TensorArena one = pool.take(600);
        TensorArena other = pool.take(600);
        pool.giveBack(one);
        pool.giveBack(other);
        assertThat(allocated()).isEqualTo(600);
        pool.giveBack(pool.take(2000));
        assertThat(allocated()).isZero();
    }

    private long allocated() {
        return TensorArena.allocatedBytes() - before;
    }
}
