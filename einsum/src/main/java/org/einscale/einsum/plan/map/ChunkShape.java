package org.einscale.einsum.plan.map;

import java.util.Arrays;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.tensor.kernel.Kernels;

/**
 * How an index space is cut into chunks: innermost loops that fit a chunk together make a block, several blocks in a row
 * along the next loop make a chunk, and the remaining outer loops are the prefix.
 */
public final class ChunkShape {
    /** Elements: a few chunks of them fit the first-level cache. */
    private static final int LARGEST = 1024;

    private final Loops loops;
    private final int insideFrom;
    private final Loops prefix;
    private final Loops inside;
    private final long blocks;
    private final int blockSize;
    private final int blocksPerChunk;

    ChunkShape(Loops loops) {
        this.loops = loops;
        int from = loops.depth();
        int size = 1;
        while (from > 0 && loops.rounds()[from - 1] <= LARGEST / size) {
            size *= (int) loops.rounds()[--from];
        }
        this.insideFrom = from;
        this.blockSize = size;
        this.prefix = loops.outer(Math.max(0, from - 1));
        this.inside = loops.inner(from);
        this.blocks = from == 0 ? 1 : loops.rounds()[from - 1];
        this.blocksPerChunk = (int) Math.max(1, Math.min(blocks, LARGEST / size));
    }

    Loops prefix() {
        return prefix;
    }

    long blocks() {
        return blocks;
    }

    int blockSize() {
        return blockSize;
    }

    int blocksPerChunk() {
        return blocksPerChunk;
    }

    int largestChunk() {
        return blocksPerChunk * blockSize;
    }

    long blockStride(int tensor) {
        return insideFrom == 0 ? 0 : loops.stride(tensor, insideFrom - 1);
    }

    /** Where a tensor's chunk begins, in elements. */
    long position(int tensor, long round, long block) {
        return prefix.position(tensor, round) + block * blockStride(tensor);
    }

    /** Copies a block of a tensor to where its elements lie side by side. */
    LoopBody copyOfBlock(int tensor, Kernels kernels, int most) {
        return Copies.body(kernels, most, inside.rounds(), inside.strides()[tensor],
                Place.rowMajorStrides(inside.rounds()));
    }

    /** Whether a chunk of the tensor is a run of its memory. */
    boolean direct(int tensor) {
        return Arrays.equals(inside.strides()[tensor], Place.rowMajorStrides(inside.rounds()))
                && (blocksPerChunk == 1 || blockStride(tensor) == blockSize);
    }

    /** Whether a chunk of the tensor is one element repeated. */
    boolean constantInChunk(int tensor) {
        for (long stride : inside.strides()[tensor]) {
            if (stride != 0) {
                return false;
            }
        }
        return blocksPerChunk == 1 || blockStride(tensor) == 0;
    }
}
