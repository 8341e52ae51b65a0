package org.einscale.tensor.blas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.einscale.tensor.Precision;
import org.einscale.tensor.profile.Flags;
import org.einscale.tensor.profile.Vectors;

/** What the products of this machine are like: their vectors, and work that shows how fast they are. */
public final class ProductRates {
    /** Side of a large product: its operands stay in an L2 cache, and all are packed. */
    private static final int LARGE = 384;
    /** Side of a product that a small-matrix kernel takes. */
    private static final int SMALL = 64;
    /** Terms of the sums in a tile. */
    private static final int DEPTH = 256;
    private static final int REPEATED = 16;
    private static final int[] ONE_GROUP = {0};

    private final MemorySegment matrices;

    /** @param arena that owns the operands */
    public ProductRates(Arena arena) {
        matrices = arena.allocate(3L * LARGE * LARGE * Float.BYTES, 64);
    }

    /** The vectors of this JVM and of its BLAS. */
    public static Vectors vectors() {
        int lanes = Flags.VECTORS ? TileKernel.LANES : 1;
        return new Vectors(lanes, Vectors.registers(lanes), Gemm.lanes(Precision.FLOAT));
    }

    /** Whether BLAS has a kernel for small matrices. */
    public static boolean unpacks() {
        return OpenBlas.HAS_SMALL_KERNEL;
    }

    /** A large product by BLAS; returns its floating-point operations. */
    public double sgemm() {
        return sgemm(LARGE);
    }

    /** A small one. */
    public double unpackedSgemm() {
        return sgemm(SMALL);
    }

    /** A product of which nothing but the call takes time. */
    public double call() {
        return sgemm(1);
    }

    private double sgemm(int n) {
        long a = matrices.address();
        long size = (long) LARGE * LARGE * Float.BYTES;
        Gemm.gemm(Precision.FLOAT, false, false, n, n, n, 1, a, n, a + size, n, 0, a + 2 * size, n);
        return 2.0 * n * n * n;
    }

    /** The large tile of {@link StridedGemm}, for a JVM with vectors. */
    public double packedTile() {
        PackingSpace space = PackingSpace.ofThread();
        for (int i = 0; i < REPEATED; i++) {
            TileKernel.multiply(TileKernel.ROWS, TileKernel.COLUMNS, DEPTH, space.floats, PackingSpace.A,
                    PackingSpace.B, PackingSpace.TILE);
        }
        return 2.0 * TileKernel.ROWS * TileKernel.COLUMNS * DEPTH * REPEATED;
    }

    /** The large tile of {@link DotGemm}, for a JVM with vectors. */
    public double dotTile() {
        PackingSpace space = PackingSpace.ofThread();
        Strips rows = DotTile.rows(TileKernel.MANY_REGISTERS, 1);
        Strips columns = DotTile.columns(TileKernel.MANY_REGISTERS, 1);
        int vectors = DEPTH / TileKernel.LANES;
        for (int j = 0; j < columns.wide(); j++) {
            space.columns[j] = space.copies() + (long) j * (DEPTH + TileKernel.LANES) * Float.BYTES;
        }
        for (int i = 0; i < REPEATED; i++) {
            DotTile.multiply(rows.wide(), columns.wide(), space.floats, PackingSpace.A, space.columns, 0, ONE_GROUP, 0,
                    1, vectors, PackingSpace.B);
        }
        return 2.0 * rows.wide() * columns.wide() * vectors * TileKernel.LANES * REPEATED;
    }
}
