package org.einscale.einsum.plan.map;

import java.util.List;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.BinaryKernel;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.UnaryKernel;
import org.einscale.tensor.memory.Raw;

/**
 * Pointwise expressions, run chunk by chunk: a chunk of every operand is brought to the first-level cache, each function
 * is one kernel call over the chunk, and what lies between the functions never leaves that cache (vectorised
 * interpretation, Boncz, Zukowski and Nes 2005). The number of kernels is fixed, so nothing has to be compiled at run
 * time.
 *
 * <p>Slots name the chunks. The address of slot i in the current chunk is word i of the base array.
 */
public final class MapStep implements Step {

    /** One kernel call over a chunk of n elements. */
    sealed interface Instruction {
        void run(Kernels kernels, long[] base, int n);

        /** The slot that is written. */
        int to();

        /** The slots that are read. */
        List<Integer> from();

        record One(UnaryKernel kernel, int to, int operand) implements Instruction {
            @Override
            public void run(Kernels kernels, long[] base, int n) {
                kernel.run(base[to], base[operand], n);
            }

            @Override
            public List<Integer> from() {
                return List.of(operand);
            }
        }

        record Two(BinaryKernel kernel, int to, int left, int right) implements Instruction {
            @Override
            public void run(Kernels kernels, long[] base, int n) {
                kernel.run(base[to], base[left], base[right], n);
            }

            @Override
            public List<Integer> from() {
                return List.of(left, right);
            }
        }

        record Copy(int to, int operand) implements Instruction {
            @Override
            public void run(Kernels kernels, long[] base, int n) {
                kernels.copy(base[to], 1, base[operand], 1, n);
            }

            @Override
            public List<Integer> from() {
                return List.of(operand);
            }
        }
    }

    /** A slot that is the tensor's own memory, at the chunk. */
    record Direct(int slot, Address address, int tensor) {}

    /** A slot in scratch memory into which the chunk of a tensor with gaps or repetitions is loaded. */
    record Loaded(int slot, Address scratch, Address address, int tensor) {}

    /** A slot in scratch memory. */
    record Scratch(int slot, Address address) {}

    /** A slot in scratch memory that holds one number everywhere. */
    record Filled(int slot, Address address, double value) {}

    /** All slots of a step. */
    record Slots(List<Direct> direct, List<Loaded> loaded, List<Scratch> scratch, List<Filled> filled) {}

    private final Kernels kernels;
    private final Precision precision;
    private final ChunkShape shape;
    private final Direct[] direct;
    private final Loaded[] loaded;
    private final LoopBody[] copies;
    private final Scratch[] scratch;
    private final Filled[] filled;
    private final Instruction[] instructions;
    private final int memo;

    MapStep(Tape tape, ChunkShape shape, Slots slots, List<Instruction> instructions, int slotCount) {
        this.kernels = tape.kernels();
        this.precision = tape.precision();
        this.shape = shape;
        this.direct = slots.direct().toArray(Direct[]::new);
        this.loaded = slots.loaded().toArray(Loaded[]::new);
        this.copies = slots.loaded().stream().map(slot -> shape.copyOfBlock(slot.tensor(), tape.kernels(), tape.most()))
                .toArray(LoopBody[]::new);
        this.scratch = slots.scratch().toArray(Scratch[]::new);
        this.filled = slots.filled().toArray(Filled[]::new);
        this.instructions = instructions.toArray(Instruction[]::new);
        this.memo = slotCount;
    }

    @Override
    public void run(long[] base) {
        for (Scratch slot : scratch) {
            base[slot.slot] = slot.address.in(base);
        }
        int largest = shape.largestChunk();
        for (Filled slot : filled) {
            base[slot.slot] = slot.address.in(base);
            kernels.fill(base[slot.slot], slot.value, largest);
        }
        for (int i = 0; i < loaded.length; i++) {
            base[loaded[i].slot] = loaded[i].scratch.in(base);
            base[memo + 2 * i] = -1;
        }
        long rounds = shape.prefix().volume();
        for (long round = 0; round < rounds; round++) {
            for (long start = 0; start < shape.blocks(); start += shape.blocksPerChunk()) {
                chunk(base, round, start, (int) Math.min(shape.blocksPerChunk(), shape.blocks() - start));
            }
        }
    }

    private void chunk(long[] base, long round, long start, int blocks) {
        for (Direct slot : direct) {
            base[slot.slot] = slot.address.in(base) + shape.position(slot.tensor, round, start) * precision.bytes();
        }
        for (int i = 0; i < loaded.length; i++) {
            long source = loaded[i].address.in(base)
                    + shape.position(loaded[i].tensor, round, start) * precision.bytes();
            if (base[memo + 2 * i] != source || base[memo + 2 * i + 1] < blocks) {
                base[memo + 2 * i] = source;
                base[memo + 2 * i + 1] = blocks;
                load(base, i, source, blocks);
            }
        }
        int n = blocks * shape.blockSize();
        for (Instruction instruction : instructions) {
            instruction.run(kernels, base, n);
        }
    }

    private void load(long[] base, int number, long source, int blocks) {
        int tensor = loaded[number].tensor;
        long target = base[loaded[number].slot];
        if (shape.constantInChunk(tensor)) {
            kernels.fill(target, Raw.get(precision, source), blocks * shape.blockSize());
            return;
        }
        LoopBody block = copies[number];
        long step = shape.blockStride(tensor) * precision.bytes();
        long blockBytes = (long) shape.blockSize() * precision.bytes();
        for (int i = 0; i < blocks; i++) {
            if (i > 0 && step == 0) {
                kernels.copy(target + i * blockBytes, 1, target, 1, shape.blockSize());
            } else {
                block.run(base, source + i * step, 0, target + i * blockBytes, false);
            }
        }
    }
}
