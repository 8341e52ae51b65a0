package org.einscale.tensor.packed;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** The product of {@link PackedProduct} as the plain loops that define it, in either precision, summed in double. */
public final class PlainProduct {
    private PlainProduct() {
    }

    /**
     * C = A B, or C += A B.
     *
     * @param rows elements of A's own axes: offsets in A and in C
     * @param columns elements of B's own axes: offsets in B and in C
     * @param sums elements of the axes summed over: offsets in A and in B
     * @param a address of A's offset 0, not modified
     * @param b address of B's offset 0, not modified
     * @param accumulate whether to add to C; else it is not read
     * @param c address of C's offset 0, modified at the offsets; must not overlap A or B
     */
    public static void run(Precision p, Offsets rows, Offsets columns, Offsets sums, long a, long b,
            boolean accumulate, long c) {
        for (int i = 0; i < rows.count(); i++) {
            for (int j = 0; j < columns.count(); j++) {
                double sum = 0;
                for (int l = 0; l < sums.count(); l++) {
                    sum += at(p, a, rows.first()[i], sums.first()[l]) * at(p, b, sums.second()[l], columns.first()[j]);
                }
                long to = c + ((long) rows.second()[i] + columns.second()[j]) * p.bytes();
                Raw.put(p, to, accumulate ? Raw.get(p, to) + sum : sum);
            }
        }
    }

    private static double at(Precision p, long address, int offset, int shift) {
        return Raw.get(p, address + ((long) offset + shift) * p.bytes());
    }
}
