package org.einscale.sharding;

/**
 * How fast devices work and talk, by which plans are compared: time is work over its rate, plus bytes over the bandwidth, plus
 * latency for every exchange.
 *
 * @param operations
 *            multiplications of a device per second
 * @param bandwidth
 *            bytes that a device can send per second
 * @param latency
 *            seconds that an exchange takes at least
 */
public record Network(double operations, double bandwidth, double latency) {
    /** Cores of one processor that hand memory to one another. */
    public static final Network LOCAL = new Network(20e9, 5e9, 20e-6);

    /** Only bytes count. */
    public static final Network BYTES = new Network(Double.POSITIVE_INFINITY, 1, 0);

    public Network {
        if (!(operations > 0 && bandwidth > 0 && latency >= 0)) {
            throw new IllegalArgumentException(
                    "network of " + operations + " operations/s, " + bandwidth + " bytes/s and "
                            + latency + " s latency; expected rates above 0 and a latency of 0 or more");
        }
    }

    /** Seconds. */
    public double time(double work, double bytes, int rounds) {
        return work / operations + bytes / bandwidth + rounds * latency;
    }
}
