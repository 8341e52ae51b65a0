package org.einscale.sharding.partition;

/**
 * Predicted time of what a device does: its work, what it sends, and how often it waits.
 *
 * @param work
 *            multiplications or other operations on elements
 * @param bytes
 *            sent by a device
 * @param rounds
 *            exchanges that wait for one another
 */
record Cost(double work, double bytes, int rounds) {
    static final Cost NONE = new Cost(0, 0, 0);

    Cost plus(Cost other) {
        return new Cost(work + other.work, bytes + other.bytes, rounds + other.rounds);
    }
}
