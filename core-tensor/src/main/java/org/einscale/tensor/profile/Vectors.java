package org.einscale.tensor.profile;

/**
 * The vector registers that a processor has, and those that its BLAS uses.
 *
 * @param lanes
 *            float32 numbers in a register as our kernels use it; 1 where they run without vectors
 * @param registers
 *            their number
 * @param blasLanes
 *            float32 numbers in a register as the kernels of BLAS use it
 */
public record Vectors(int lanes, int registers, int blasLanes) {
    private static final int MANY = 32;

    /** Registers that this processor has if each holds so many numbers: 32 of 512 bits or on ARM, else 16. */
    public static int registers(int lanes) {
        return lanes >= 16 || "aarch64".equals(System.getProperty("os.arch")) ? MANY : MANY / 2;
    }

    /** Whether the registers hold the sums of the larger tiles of our products. */
    public boolean many() {
        return registers >= MANY;
    }
}
