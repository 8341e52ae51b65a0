package org.einscale.sharding.collective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RingBytesTest {
    @Test
    void fourDevicesSendThreeQuarters() {
        assertThat(RingBytes.allGather(1024, 4)).isEqualTo(768);
        assertThat(RingBytes.reduceScatter(1024, 4)).isEqualTo(768);
        assertThat(RingBytes.allReduce(1024, 4)).isEqualTo(1536);
        assertThat(RingBytes.allToAll(1024, 4)).isEqualTo(768);
    }

    @Test
    void oneDeviceSendsNothing() {
        assertThat(RingBytes.allReduce(1024, 1)).isZero();
    }
}
