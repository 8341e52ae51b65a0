package org.einscale.tensor.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory there can be: more is refused before the system gives it out and then ends the process that uses it. */
public final class PhysicalMemory {
    /** Bytes below which it is not worth asking. */
    private static final double LARGE = 1L << 30;

    private PhysicalMemory() {
    }

    /** Whether so many bytes are fewer than the machine, or the container, has. */
    public static boolean holds(double bytes) {
        return bytes <= LARGE || bytes <= bytes();
    }

    /** Bytes of the machine or the container. */
    public static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
