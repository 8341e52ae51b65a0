package org.einscale.tensor.profile;

/**
 * What planning knows of a machine. A plan is a function of a program, its sizes and a profile, so that it is the same wherever
 * it is made with the same three.
 *
 * @param processor
 *            name of the processor, for people
 */
public record Profile(String processor, Vectors vectors, Caches caches, Rates rates) {
    private static final int LANES_OF_512_BITS = 16;
    private static final int LANES_OF_256_BITS = 8;
    private static final int LANES_OF_128_BITS = 4;

    /** A processor with AVX-512, as measured on a Zen 5. */
    public static final Profile BITS_512 = new Profile("512-bit vectors", new Vectors(LANES_OF_512_BITS, 32, 16),
            new Caches(48 << 10, 1 << 20), new Rates(248, 248, 245, 200, 30, 50, 2, 38, 50));
    /** A processor with AVX2, as measured on a Zen 5 told to do without AVX-512. */
    public static final Profile BITS_256 = new Profile("256-bit vectors", new Vectors(LANES_OF_256_BITS, 16, 8),
            Caches.TYPICAL, new Rates(120, 0, 120, 95, 20, 45, 2, 28, 80));
    /** A processor with 128-bit vectors. */
    public static final Profile BITS_128 = new Profile("128-bit vectors", new Vectors(LANES_OF_128_BITS, 16, 4),
            Caches.TYPICAL, new Rates(60, 0, 58, 48, 10, 25, 2, 25, 80));
    /** A JVM without the Vector API, so that only BLAS is fast. */
    public static final Profile NO_VECTORS = new Profile("no vectors", new Vectors(1, 16, 8), Caches.TYPICAL,
            new Rates(120, 0, 1, 1, 1, 2, 1, 28, 80));

    /**
     * What to expect of a processor that was not measured.
     *
     * @param unpacked
     *            whether its BLAS has a kernel for small matrices
     */
    public static Profile typical(Vectors vectors, boolean unpacked) {
        Profile own = vectors.lanes() == 1 ? NO_VECTORS : ofLanes(vectors.lanes());
        Profile blas = ofLanes(vectors.blasLanes());
        Rates rates = own.rates;
        double sgemm = blas.rates.sgemm();
        return new Profile(own.processor, vectors, own.caches, new Rates(sgemm, unpacked ? sgemm : 0, rates.packed(),
                rates.dots(), rates.rows(), rates.copied(), rates.scattered(), rates.memory(), rates.call()));
    }

    /** What this JVM can use of the machine: without the Vector API nothing but BLAS. */
    public Profile usable() {
        return Flags.VECTORS || !vectorised()
                ? this
                : typical(new Vectors(1, vectors.registers(), vectors.blasLanes()), rates.unpackedSgemm() > 0);
    }

    private static Profile ofLanes(int lanes) {
        return lanes >= LANES_OF_512_BITS ? BITS_512 : lanes >= LANES_OF_256_BITS ? BITS_256 : BITS_128;
    }

    /** Whether our kernels use vectors, and with them our products. */
    public boolean vectorised() {
        return vectors.lanes() > 1;
    }
}
