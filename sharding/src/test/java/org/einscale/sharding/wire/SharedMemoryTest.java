package org.einscale.sharding.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one process puts into a slot another reads there, once; both ends are here in one process. */
@SuppressWarnings("NullAway.Init") // fields are set before each test
class SharedMemoryTest {
    private SharedMemory sender;
    private SharedMemory receiver;

    @BeforeEach
    void share() {
        Optional<SharedMemory> offered = SharedMemory.offer();
        assumeTrue(offered.isPresent(), "this system keeps no files in memory");
        sender = offered.orElseThrow();
        receiver = SharedMemory.of(sender.name()).orElseThrow();
        sender.hide();
    }

    private TensorArena taken() {
        return sender.take().orElseThrow();
    }

    @Test
    void whatOneWritesTheOtherReads() throws ProtocolException {
        TensorArena filled = taken();
        filled.segment().set(ValueLayout.JAVA_INT, SharedMemory.SLOT - 4, 17);
        int number = sender.number(filled);
        sender.sent(number);

        TensorArena read = receiver.received(number);
        assertThat(read.segment().get(ValueLayout.JAVA_INT, SharedMemory.SLOT - 4)).isEqualTo(17);
        assertThat(read.address()).isNotEqualTo(filled.address());
    }

    @Test
    void thereAreAsManyAsAreFree() throws ProtocolException {
        List<TensorArena> all = new ArrayList<>();
        for (Optional<TensorArena> slot = sender.take(); slot.isPresent(); slot = sender.take()) {
            all.add(slot.get());
        }
        assertThat(all).doesNotHaveDuplicates().hasSameElementsAs(sender.slots());

        int number = sender.number(all.get(3));
        sender.sent(number);
        TensorArena read = receiver.received(number);
        assertThat(sender.take()).isEmpty();
        receiver.free(read);
        assertThat(sender.take()).containsSame(all.get(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 9, Integer.MAX_VALUE})
    void whatWasNotSentIsRefused(int number) throws ProtocolException {
        sender.sent(sender.number(taken()));
        receiver.received(1);

        assertThatThrownBy(() -> receiver.received(number)).isInstanceOf(ProtocolException.class)
                .hasMessage("it has put nothing into slot " + number);
        assertThatThrownBy(() -> receiver.received(1)).as("again").isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatIsReadStaysUntilItIsFreedThoughThePeerIsGone() throws ProtocolException {
        TensorArena first = taken();
        TensorArena second = taken();
        sender.sent(1);
        TensorArena read = receiver.received(1);

        assertThat(receiver.end()).hasSize(receiver.slots().size() - 1).doesNotContain(read);
        assertThat(sender.end()).contains(first).doesNotContain(second);
        assertThat(receiver.free(read)).isTrue();
        assertThat(sender.free(second)).isTrue();
    }

    @Test
    void memoryOfOthersIsNoSlot() {
        try (TensorArena other = TensorArena.allocate(8)) {
            assertThat(sender.number(other)).isZero();
        }
    }

    /** Nobody finds it who comes later, and a peer cannot have other files opened. */
    @ParameterizedTest
    @ValueSource(strings = {"", "einscale-", "einscale-0", "../../etc/hostname", "einscale-1/../x"})
    void whatHasNoNameCannotBeHad(String name) {
        assertThat(SharedMemory.of(name)).isEmpty();
        assertThat(SharedMemory.of(sender.name())).isEmpty();
    }
}
