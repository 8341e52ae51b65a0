package org.einscale.sharding.partition;

import java.util.List;
import java.util.Optional;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.collective.Stage;

/**
 * One step from how a value is split to how it is wanted.
 *
 * @param exchange
 *            what the devices do; empty if each only keeps less of what it has, or begins a sum
 * @param to
 *            how the value is split afterwards
 * @param over
 *            mesh axes along which devices exchange something, or have addends from now on
 * @param rounds
 *            in which a device waits for others
 * @param elements
 *            that a device sends on average, if every axis could be split evenly
 */
record Move(Optional<Exchange> exchange, Sharding to, List<String> over, int rounds, double elements) {

    /** Nothing is exchanged. */
    static Move local(Sharding to, List<String> over) {
        return new Move(Optional.empty(), to, over, 0, 0);
    }

    /** An exchange among so many devices. */
    static Move of(Exchange exchange, Sharding to, List<String> over, int devices, double elements) {
        return new Move(Optional.of(exchange), to, over, Stage.rounds(exchange, devices, elements), elements);
    }

    /** What each of n devices sends in an all-reduce of so much: a part to each of the others, and its own sum (Patarasuk and Yuan 2009). */
    static double allReduce(double volume, int n) {
        return 2 * reduceScatter(volume, n);
    }

    /** What each of n devices sends of an unfinished sum of so much. */
    static double reduceScatter(double volume, int n) {
        return volume * (n - 1) / n;
    }
}
