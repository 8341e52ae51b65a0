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

    /** Registers that a processor of this kind has: 32 of 512 bits or on ARM, else 16. */
    public static int registers(int lanes) {
        return lanes >= 16 || "aarch64".equals(System.getProperty("os.arch")) ? 32 : 16;
    }

    /** Whether that many registers hold the sums of the large tiles of our products. */
    public boolean many() {
        return registers >= 32;
    }
}
