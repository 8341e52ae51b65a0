package org.einscale.sharding.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.BinaryKernel;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.einscale.tensor.memory.Raw;
import org.jspecify.annotations.Nullable;

/**
 * What one device does in one round of a collective, right from memory to memory: it copies the boxes that it gets, or
 * combines them element by element, always in the order of the devices that they come from.
 */
public final class Exchanger {
    /** Elements combined at once: few enough to stay in the first cache. */
    private static final int BLOCK = 2048;

    private final List<Piece> pieces;
    private final List<Runs> runs;
    private final int bytes;
    private final Kernels kernels;
    private final @Nullable BinaryKernel combine;
    private final long received;

    /** For a device that takes part in a round with others whose arrays it can read. */
    public Exchanger(Stage stage, int device, Precision precision) {
        this(stage, device, precision, _ -> false);
    }

    /**
     * For a device that takes part in a round.
     *
     * @param packed
     *            devices of which not all of their array is there, but only the box that this one gets, its elements one
     *            after the other
     */
    public Exchanger(Stage stage, int device, Precision precision, IntPredicate packed) {
        this.pieces = stage.received(device).stream()
                .map(piece -> packed.test(piece.from()) ? piece.unpacked() : piece).toList();
        this.runs = stage.reduction().isPresent() ? Runs.alike(pieces) : pieces.stream().map(Runs::of).toList();
        this.bytes = precision.bytes();
        this.kernels = FastKernels.of(precision);
        this.combine = stage.reduction().map(reduction -> kernels.binary(function(reduction))).orElse(null);
        this.received = IntStream.range(0, runs.size()).filter(i -> pieces.get(i).from() != device)
                .mapToLong(i -> runs.get(i).count() * runs.get(i).length()).sum();
    }

    private static Binary function(Reduction reduction) {
        return switch (reduction) {
            case SUM -> Binary.ADD;
            case PROD -> Binary.MULTIPLY;
            case MAX -> Binary.MAXIMUM;
            case MIN -> Binary.MINIMUM;
            case MEAN, LOG_SUM_EXP -> throw new IllegalArgumentException("devices cannot finish a " + reduction);
        };
    }

    /** Elements that a run copies or combines from other devices. */
    public long received() {
        return received;
    }

    /** Devices that the elements come from. */
    public int[] senders() {
        return pieces.stream().mapToInt(Piece::from).toArray();
    }

    /**
     * Makes the device's own result.
     *
     * @param from
     *            address of what each of the {@link #senders} has, in their order
     * @param to
     *            address of the result
     * @param scratch
     *            address of {@link #scratchBytes} that nothing else uses
     */
    public void run(long[] from, long to, long scratch) {
        if (combine == null) {
            for (int i = 0; i < from.length; i++) {
                copy(runs.get(i), from[i], to);
            }
        } else if (!runs.isEmpty()) {
            combine(combine, from, to, scratch);
        }
    }

    /** Memory that combining takes. */
    public static long scratchBytes(Precision precision) {
        return (long) BLOCK * precision.bytes();
    }

    private void copy(Runs box, long from, long to) {
        for (long run = 0; run < box.count(); run++) {
            long source = from + box.from(run) * bytes;
            long target = to + box.to(run) * bytes;
            if (source != target) {
                copy(source, target, box.length() * bytes);
            }
        }
    }

    private static void copy(long source, long target, long bytes) {
        MemorySegment.copy(Raw.MEMORY, source, Raw.MEMORY, target, bytes);
    }

    /** All boxes are of the same place. */
    private void combine(BinaryKernel combine, long[] from, long to, long scratch) {
        Runs box = runs.getFirst();
        long[] source = new long[from.length];
        for (long run = 0; run < box.count(); run++) {
            for (long start = 0; start < box.length(); start += BLOCK) {
                int n = (int) Math.min(BLOCK, box.length() - start);
                for (int i = 0; i < from.length; i++) {
                    source[i] = from[i] + (runs.get(i).from(run) + start) * bytes;
                }
                long target = to + (box.to(run) + start) * bytes;
                if (from.length == 1) {
                    copy(source[0], target, (long) n * bytes);
                    continue;
                }
                for (int i = 1; i < from.length; i++) {
                    combine.run(i == from.length - 1 ? target : scratch, i == 1 ? source[0] : scratch, source[i], n);
                }
            }
        }
    }
}
