package org.einscale.einsum.plan.tape;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Exchanges with other devices that have begun, of which nothing is needed yet: while they last, a device computes on.
 *
 * @param <E>
 *            what stands for an exchange
 */
public final class InFlight<E> {
    /** Elements that may be on their way at one time, as memory for them is held: 4 MiB in float32. */
    private static final long MOST = 1 << 20;

    /** @param held what it reads and writes */
    private record Flight<E>(E exchange, long elements, Set<?> held) {}

    private final Deque<Flight<E>> flights = new ArrayDeque<>();
    private long elements;

    /**
     * Begins an exchange.
     *
     * @param size
     *            elements that the device brings
     * @param held
     *            what is read and written until it has ended
     * @return those that have to end before, the oldest first, so that no more are on their way than may be
     */
    public List<E> begin(E exchange, long size, Set<?> held) {
        List<E> ended = new ArrayList<>();
        while (!flights.isEmpty() && elements + size > MOST) {
            ended.add(end(flights.getFirst()));
        }
        flights.add(new Flight<>(exchange, size, held));
        elements += size;
        return ended;
    }

    /** Ends those that hold one of some things; returns them, the oldest first. */
    public List<E> use(Collection<?> things) {
        return flights.stream().filter(flight -> things.stream().anyMatch(flight.held::contains)).toList().stream()
                .map(this::end).toList();
    }

    /** Ends all; returns them, the oldest first. */
    public List<E> endAll() {
        return List.copyOf(flights).stream().map(this::end).toList();
    }

    private E end(Flight<E> flight) {
        flights.remove(flight);
        elements -= flight.elements;
        return flight.exchange;
    }
}
