package org.einscale.tensor.packed.tile;

import static org.einscale.tensor.simd.Lanes.LANES;

import org.einscale.tensor.simd.VectorCode;

/** The loop of a tile of one shape, with code of its own; see {@link Tile}. */
interface TileLoop {
    void multiply(int k, float[] space, int a, int b, int tile);

    /**
     * The loop of a tile.
     *
     * @param vectors of columns
     */
    static TileLoop of(int rows, int vectors) {
        return VectorCode.implement(TileLoop.class, code -> write(code, rows, vectors));
    }

    private static void write(VectorCode code, int rows, int vectors) {
        int k = 1;
        int space = 2;
        int a = 3;
        int b = 4;
        int tile = 5;
        int[] sums = code.vectors(rows * vectors);
        for (int sum : sums) {
            code.zero(sum);
        }
        code.repeat(k, () -> {
            int[] columns = code.vectors(vectors);
            for (int j = 0; j < vectors; j++) {
                code.load(columns[j], space, b, j * LANES);
            }
            for (int i = 0; i < rows; i++) {
                int row = code.vectors(1)[0];
                code.broadcast(row, space, a, i);
                for (int j = 0; j < vectors; j++) {
                    code.addProduct(sums[i * vectors + j], row, columns[j]);
                }
            }
            code.scalars().iinc(a, rows).iinc(b, vectors * LANES);
        });
        for (int s = 0; s < sums.length; s++) {
            code.store(sums[s], space, tile, s * LANES);
        }
    }
}
