package org.einscale.experiments.shard;

import java.util.List;
import org.einscale.experiments.UserError;
import org.einscale.sharding.partition.Decision;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Quantity;

/** Refuses exchanges that no rule asks for, as {@link Decision#remedy} has it. */
final class Implicit {
    private Implicit() {
    }

    /**
     * Refuses a partition that has some.
     *
     * @param elementBytes
     *            of each number
     * @throws UserError
     *             that tells the one of most bytes, and how many others there are
     */
    static void refuse(Partition partition, int elementBytes) {
        List<Decision> implicit = partition.decisions().stream().filter(d -> d.remedy().isPresent())
                .sorted((a, b) -> Long.compare(partition.bytes(b.statement()), partition.bytes(a.statement())))
                .toList();
        if (!implicit.isEmpty()) {
            Decision worst = implicit.getFirst();
            throw new UserError("no rule asks for " + worst.statement() + ", which sends "
                    + Quantity.bytes((double) partition.bytes(worst.statement()) / Float.BYTES * elementBytes)
                    + " because " + worst.reason() + "; " + worst.remedy().orElseThrow()
                    + (implicit.size() > 1 ? "; exchanges of the kind besides: " + (implicit.size() - 1) : ""));
        }
    }
}
