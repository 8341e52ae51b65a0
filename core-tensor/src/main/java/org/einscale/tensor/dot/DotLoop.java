package org.einscale.tensor.dot;

import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.simd.Lanes.BYTES;
import static org.einscale.tensor.simd.Lanes.LANES;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import org.einscale.tensor.simd.VectorCode;

/** The loop of a tile of one shape, with code of its own; see {@link DotTile}. */
interface DotLoop {
    int SPACE = 1;
    int A = 2;
    int COLUMNS = 3;
    int FIRST = 4;
    int GROUPS = 5;
    int GROUP = 6;
    int TO = 7;
    int VECTORS = 8;
    int TILE = 9;

    void multiply(float[] space, int a, long[] columns, int first, int[] groups, int from, int to, int vectors,
            int tile);

    /** The loop of a tile. */
    static DotLoop of(int rows, int columns) {
        return VectorCode.implement(DotLoop.class, code -> write(code, rows, columns));
    }

    private static void write(VectorCode code, int rows, int columns) {
        CodeBuilder scalars = code.scalars();
        int[] sums = code.vectors(rows * columns);
        for (int s = 0; s < sums.length; s++) {
            code.load(sums[s], SPACE, TILE, s * LANES);
        }
        int[] addresses = new int[columns];
        for (int j = 0; j < columns; j++) {
            addresses[j] = scalars.allocateLocal(TypeKind.LONG);
            scalars.aload(COLUMNS).iload(FIRST).loadConstant(j).iadd().laload().lstore(addresses[j]);
        }
        int position = scalars.allocateLocal(TypeKind.LONG);
        int end = scalars.allocateLocal(TypeKind.LONG);
        int steps = scalars.allocateLocal(TypeKind.INT);
        scalars.iload(TO).iload(GROUP).isub().iload(VECTORS).imul().istore(steps);
        startGroup(scalars, position, end);
        code.repeat(steps, () -> {
            Label inGroup = scalars.newLabel();
            scalars.lload(position).lload(end).lcmp().ifne(inGroup).iinc(GROUP, 1);
            startGroup(scalars, position, end);
            scalars.labelBinding(inGroup);
            step(code, rows, sums, addresses, position);
            scalars.iinc(A, rows * LANES).lload(position).loadConstant(BYTES).ladd().lstore(position);
        });
        for (int s = 0; s < sums.length; s++) {
            code.store(sums[s], SPACE, TILE, s * LANES);
        }
    }

    /** position = 4 groups[group], the first byte of a group in each column, and end = position + vectors, in bytes. */
    private static void startGroup(CodeBuilder scalars, int position, int end) {
        scalars.aload(GROUPS).iload(GROUP).iaload().i2l().loadConstant(FLOAT).lmul().lstore(position);
        scalars.iload(VECTORS).i2l().loadConstant(BYTES).lmul().lload(position).ladd().lstore(end);
    }

    /** A vector of every column, then of one row after another. */
    private static void step(VectorCode code, int rows, int[] sums, int[] addresses, int position) {
        int[] columns = code.vectors(addresses.length);
        for (int j = 0; j < columns.length; j++) {
            code.load(columns[j], addresses[j], position);
        }
        for (int i = 0; i < rows; i++) {
            int row = code.vectors(1)[0];
            code.load(row, SPACE, A, i * LANES);
            for (int j = 0; j < columns.length; j++) {
                code.addProduct(sums[i * columns.length + j], row, columns[j]);
            }
        }
    }
}
