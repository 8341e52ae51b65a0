package org.einscale.sharding.device;

import java.util.List;
import org.einscale.sharding.wire.Address;

/**
 * A process that devices can be placed on.
 *
 * @param name
 *            host and port by which others join it
 * @param address
 *            where it is sent numbers
 * @param cores
 *            devices that it computes for at the same time
 * @param version
 *            of the program
 * @param devices
 *            what it has now, a text for each mesh
 * @param received
 *            bytes from other processes so far
 * @param sent
 *            bytes to other processes so far
 */
public record NodeInfo(String name, Address address, int cores, String version, List<String> devices, long received,
        long sent) {}
