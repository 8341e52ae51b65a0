package org.einscale.trainer;

import java.util.List;
import java.util.stream.LongStream;

/** The losses of the last steps, at most a fixed number of them. Allocates nothing while losses are added. */
final class LastLosses {
    private final double[] ring;
    private long added;

    LastLosses(int window) {
        ring = new double[window];
    }

    void add(double loss) {
        ring[(int) (added++ % ring.length)] = loss;
    }

    /** Their mean, summed from the oldest to the newest, so that it does not depend on where the ring began. */
    double mean() {
        double sum = 0;
        for (double loss : toList()) {
            sum += loss;
        }
        return sum / Math.min(added, ring.length);
    }

    /** Oldest first. */
    List<Double> toList() {
        long oldest = Math.max(0, added - ring.length);
        return LongStream.range(oldest, added).mapToObj(i -> ring[(int) (i % ring.length)]).toList();
    }
}
