package org.einscale.tensor.kernel.vector;

import static org.einscale.tensor.memory.Raw.FLOAT;

import org.einscale.tensor.kernel.scalar.ScalarRows;
import org.einscale.tensor.memory.Raw;

/** Cross-entropy of rows of logits against target indices, with its gradient, in float32. */
final class CrossEntropyKernel {
    private CrossEntropyKernel() {
    }

    static void crossEntropy(long loss, long logits, long targets, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long row = logits + FLOAT * r * n;
            int target = (int) ScalarRows.checkedIndex(Raw.getFloat(targets + FLOAT * r), r, n);
            float max = SoftmaxKernel.max(row, n);
            if (Float.isInfinite(max)) {
                ScalarRows.FLOAT.crossEntropyRow(loss + FLOAT * r, row, target, n);
            } else {
                double below = (double) max - Raw.getFloat(row + FLOAT * target);
                Raw.putFloat(loss + FLOAT * r, (float) (SoftmaxKernel.logOfSum(row, max, n) + below));
            }
        }
    }

    static void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long offset = FLOAT * r * n;
            long target = ScalarRows.checkedIndex(Raw.getFloat(targets + FLOAT * r), r, n);
            float factor = Raw.getFloat(scale + FLOAT * r);
            SoftmaxKernel.softmaxRow(destination + offset, logits + offset, factor, n, n);
            long hit = destination + offset + FLOAT * target;
            Raw.putFloat(hit, Raw.getFloat(hit) - factor);

        }
    }
}
