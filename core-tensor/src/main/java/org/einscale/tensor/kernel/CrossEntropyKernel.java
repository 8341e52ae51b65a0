package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.at;

import org.einscale.tensor.memory.Raw;

/** Cross-entropy of rows of logits against target indices, with its gradient, in float32. */
final class CrossEntropyKernel {
    private CrossEntropyKernel() {
    }

    static void crossEntropy(long loss, long logits, long targets, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long row = logits + 4L * r * n;
            int target = ScalarRows.checkedIndex(Raw.getFloat(at(targets, r)), r, n);
            Raw.putFloat(at(loss, r), (float) (SoftmaxKernel.logSumExp(row, n) - Raw.getFloat(at(row, target))));
        }
    }

    static void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            int target = ScalarRows.checkedIndex(Raw.getFloat(at(targets, r)), r, n);
            float factor = Raw.getFloat(at(scale, r));
            SoftmaxKernel.softmaxRow(destination + offset, logits + offset, factor, n, n);
            long hit = at(destination + offset, target);
            Raw.putFloat(hit, Raw.getFloat(hit) - factor);
        }
    }
}
