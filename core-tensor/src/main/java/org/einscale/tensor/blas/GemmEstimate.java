package org.einscale.tensor.blas;

import org.einscale.tensor.Precision;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** About how long a {@link SmallGemm} takes on a machine: only has to rank it with other ways to compute the same. */
public final class GemmEstimate {
    /** The tile that a product computes at the least where it packs its operands. */
    private static final int TILE_ROWS = 4;
    private static final int TILE_COLUMNS = 8;
    /** Terms of a sum whose multiplications take as long as to begin and store it. */
    private static final int FEWEST_TERMS = 16;
    /** Packing or storing an element, in copies of one that lies in a row. */
    private static final double PACK_LEFT = 1.2;
    private static final double PACK_LEFT_TRANSPOSED = 3;
    private static final double PACK_RIGHT = 6;
    private static final double STORE = 1;
    /** Times the shortest call: one that packs, and one that does not. */
    private static final double PACKING_CALL = 12;
    private static final double UNPACKED_CALL = 4;
    /** Nanoseconds to store an element where nothing is packed. */
    private static final double UNPACKED_STORE = 0.02;
    /** Nanoseconds for a row whose end fills no vector, and for a sum across vectors. */
    private static final double TAIL = 3.5;
    private static final double DOT = 0.45;
    /** Nanoseconds for a row of a matrix times a vector, and for an element of a vector that is not contiguous. */
    private static final double VECTOR_ROW = 3;
    private static final double GATHER = 0.3;

    private final Rates rates;
    private final int lanes;
    private final boolean unpacks;

    /** Estimates for a machine. */
    public GemmEstimate(Profile profile) {
        rates = profile.rates();
        lanes = profile.vectors().blasLanes();
        unpacks = rates.unpackedSgemm() > 0;
    }

    /**
     * Nanoseconds of a product, arguments as for {@link SmallGemm#chunked}.
     *
     * @param ldb elements from a stored row of B to the next
     */
    public double nanoseconds(Precision p, boolean transposeA, boolean transposeB, long m, long n, long k, int ldb) {
        if (!SmallGemm.unpacked(unpacks, p, transposeA, transposeB, m, n, k)) {
            return packing(p, transposeA, m, n, k);
        }
        return m == 1 || n == 1
                ? vector(transposeA, transposeB, m, n, k, ldb)
                : unpacked(!transposeA && transposeB, m, n, k);
    }

    private double packing(Precision p, boolean transposeA, long m, long n, long k) {
        double wider = p.bytes() / (double) Float.BYTES;
        double flops = 2 * padded(m, TILE_ROWS) * padded(n, TILE_COLUMNS) * Math.max(k, FEWEST_TERMS);
        double moved = (double) m * k * (transposeA ? PACK_LEFT_TRANSPOSED : PACK_LEFT)
                + (double) k * n * PACK_RIGHT + (double) m * n * STORE;
        return PACKING_CALL * rates.call() + wider * (flops / rates.sgemm() + moved / rates.copied());
    }

    private double vector(boolean transposeA, boolean transposeB, long m, long n, long k, int ldb) {
        long rows = n == 1 ? transposeA ? k : m : transposeB ? n : k;
        double gathered = n == 1 && ldb > 1 ? k * GATHER : 0;
        return UNPACKED_CALL * rates.call() + Math.max(read(m, n, k), rows * VECTOR_ROW) + gathered;
    }

    private double unpacked(boolean dots, long m, long n, long k) {
        double stored = (double) m * n;
        double tails = n % lanes == 0 ? 0 : m * TAIL;
        return UNPACKED_CALL * rates.call() + Math.max(2 * stored * k / rates.unpackedSgemm(), read(m, n, k)) + tails
                + stored * (dots ? DOT : UNPACKED_STORE);
    }

    private double read(long m, long n, long k) {
        return ((double) m * k + (double) k * n) / rates.rows();
    }

    private static double padded(long count, int unit) {
        return (double) Math.ceilDiv(count, unit) * unit;
    }
}
