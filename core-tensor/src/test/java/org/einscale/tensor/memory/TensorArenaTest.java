package org.einscale.tensor.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Isolated("counts the memory that all have allocated")
class TensorArenaTest {
    @Test
    void arrayAndSegmentAndBlasSeeTheSameMemory() {
        try (TensorArena arena = TensorArena.allocate(4096)) {
            INDArray a = arena.array(Precision.FLOAT, 64, 2, 3);
            INDArray b = arena.array(Precision.FLOAT, 128, 3, 1);
            INDArray c = arena.array(Precision.FLOAT, 256, 2, 1);
            a.assign(Nd4j.createFromArray(new float[][]{{1, 2, 3}, {4, 5, 6}}));
            assertThat(arena.segment().get(JAVA_FLOAT, 64 + 4 * 5)).isEqualTo(6);
            arena.segment().set(JAVA_FLOAT, 128, 10);
            Raw.putFloat(arena.address() + 132, 20);
            b.putScalar(2, 30);
            Gemm.gemm(Precision.FLOAT, false, false, 2, 1, 3, 1, Arrays.addressOf(a), 3, Arrays.addressOf(b), 1, 0,
                    Arrays.addressOf(c), 1);
            assertThat(c.toFloatVector()).containsExactly(140, 320);
            assertThat(a.addi(1).getFloat(0, 0)).isEqualTo(2);
            assertThat(Raw.getFloat(arena.address() + 64)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPrecisionAndSmallShapeIsAView(Precision precision) {
        try (TensorArena arena = TensorArena.allocate(64)) {
            assertThat(arena.array(precision, 0, 0).shape()).containsExactly(0);
            assertThat(arena.array(precision, 0, 3, 0, 2).shape()).containsExactly(3, 0, 2);
            assertThat(arena.array(precision, 0).shape()).isEmpty();
            assertThat(arena.array(precision, 0, 1).dataType()).isEqualTo(precision.dataType());
            arena.array(precision, 8, 1, 1).assign(7);
            assertThat(Raw.get(precision, arena.address() + 8)).isEqualTo(7);
            arena.array(precision, 16).assign(8);
            assertThat(Raw.get(precision, arena.address() + 16)).isEqualTo(8);
            Raw.put(precision, arena.address(), 9);
            assertThat(arena.array(precision, 0).getDouble()).isEqualTo(9);
        }
    }

    @Test
    void isZeroedAndAligned() {
        try (TensorArena arena = TensorArena.allocate(1000)) {
            assertThat(arena.address() % 64).isZero();
            assertThat(arena.bytes()).isEqualTo(1000);
            assertThat(arena.array(Precision.DOUBLE, 0, 125).sumNumber().doubleValue()).isZero();
        }
    }

    @Test
    void countsLiveBytes() {
        long before = TensorArena.allocatedBytes();
        TensorArena arena = TensorArena.allocate(1000);
        assertThat(TensorArena.allocatedBytes() - before).isEqualTo(1000);
        arena.close();
        arena.close();
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
        assertThatThrownBy(() -> arena.array(Precision.FLOAT, 0, 1)).hasMessage("the arena is closed");
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (TensorArena arena = TensorArena.allocate(16)) {
            assertThatThrownBy(() -> arena.array(Precision.FLOAT, 4, 4)).hasMessageContaining("needs 16 bytes");
            assertThatThrownBy(() -> arena.array(Precision.FLOAT, 2, 1)).hasMessageContaining("multiple of 4");
            assertThatThrownBy(() -> arena.array(Precision.FLOAT, -4, 1)).hasMessageContaining("at byte -4");
        }
        assertThatThrownBy(() -> TensorArena.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressOfAViewIncludesItsOffset() {
        INDArray whole = Nd4j.arange(12).castTo(Precision.FLOAT.dataType()).reshape(3, 4);
        INDArray view = whole.get(NDArrayIndex.interval(1, 3), NDArrayIndex.interval(2, 4));
        assertThat(Raw.getFloat(Arrays.addressOf(view))).isEqualTo(6);
        assertThat(Raw.getFloat(Arrays.addressOf(whole))).isEqualTo(0);
        assertThatThrownBy(() -> Arrays.addressOf(Nd4j.create(Precision.FLOAT.dataType(), 2, 0)))
                .hasMessageContaining("no elements");
    }
}
