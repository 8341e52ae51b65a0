package org.einscale.einsum.plan.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final int MANY = 1 << 19;
    private final InFlight<String> flights = new InFlight<>();

    @Test
    void anExchangeEndsWhereOneOfItsThingsIsUsed() {
        assertThat(flights.begin("x", 5, Set.of(1, 2))).isEmpty();
        assertThat(flights.begin("y", 5, Set.of(3))).isEmpty();
        assertThat(flights.begin("z", 5, Set.of(4))).isEmpty();
        assertThat(flights.use(List.of(7))).isEmpty();
        assertThat(flights.use(List.of(3, 2))).containsExactly("x", "y");
        assertThat(flights.use(List.of(3, 2))).isEmpty();
        assertThat(flights.endAll()).containsExactly("z");
        assertThat(flights.endAll()).isEmpty();
    }

    @Test
    void theOldestEndsWhereMoreWouldBeOnTheirWayThanMayBe() {
        assertThat(flights.begin("half", MANY, Set.of(1))).isEmpty();
        assertThat(flights.begin("other half", MANY, Set.of(2))).isEmpty();
        assertThat(flights.begin("more", 1, Set.of(3))).containsExactly("half");
        assertThat(flights.begin("less", MANY - 1, Set.of(4))).isEmpty();
        assertThat(flights.begin("huge", 9 * MANY, Set.of(5))).containsExactly("other half", "more", "less");
        assertThat(flights.endAll()).containsExactly("huge");
    }
}
