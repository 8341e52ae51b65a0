package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.einscale.einsum.pass.FuseBatches;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Repeat;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.tensor.Axis;

/** Writes statements with the same batch axes in parts of the batch, where all of it does not stay in the L2 cache from one to the next. */
final class BatchLoops {
    /** Of the L2 cache that a part may take. */
    private static final double SHARE = 0.75;

    private final Tape tape;

    BatchLoops(Tape tape) {
        this.tape = tape;
    }

    /**
     * Writes the statements, in parts if all is more than stays in the cache.
     *
     * @param own
     *            whether nothing but these statements uses a buffer: all parts then use the memory of the first
     */
    void write(List<Emission> emissions, Predicate<Buffer> own) {
        List<Repeat> loops = new ArrayList<>();
        List<Emission> parts = emissions;
        double fits = SHARE * tape.target().machine().caches().second();
        for (Axis axis : FuseBatches.axes(emissions.stream().map(Emission::statement).toList())) {
            long size = emissions.getFirst().to().sizes()[emissions.getFirst().statement().result().axes()
                    .indexOf(axis)];
            long part = part(size, bytes(parts), fits);
            Optional<Map<Integer, Long>> moves = moves(parts, axis, part, own);
            if (moves.isEmpty()) {
                break;
            }
            if (part < size) {
                loops.add(new Repeat(size / part, moves.get()));
                parts = parts.stream().map(emission -> emission.slice(axis, 0, part)).toList();
            }
            if (part > 1) {
                break;
            }
        }
        List<Emission> written = parts;
        tape.repeated(loops, inside -> written.forEach(emission -> emission.write(inside)));
    }

    /** The largest part of an axis that divides it and fits; 1 if none does. */
    private static long part(long size, double bytes, double fits) {
        long part = Math.min(size, 1 + (long) (fits / bytes * size));
        while (part > 1 && (size % part != 0 || bytes * part / size > fits)) {
            part--;
        }
        return part;
    }

    private double bytes(List<Emission> emissions) {
        Map<Buffer, Long> elements = new HashMap<>();
        emissions.stream().flatMap(emission -> emission.places().stream())
                .forEach(place -> elements.merge(place.buffer(), place.distinctElements(), Math::max));
        return tape.precision().bytes() * (double) elements.values().stream().mapToLong(n -> n).sum();
    }

    /** How far each buffer moves from a part to the next, if that is the same for all that is in it. */
    private Optional<Map<Integer, Long>> moves(List<Emission> emissions, Axis axis, long part,
            Predicate<Buffer> inside) {
        Map<Integer, Long> moves = new HashMap<>();
        for (Emission emission : emissions) {
            List<Place> places = emission.places();
            long[] strides = emission.strides(axis);
            for (int i = 0; i < strides.length; i++) {
                Buffer buffer = places.get(i).buffer();
                long bytes = inside.test(buffer) ? 0 : strides[i] * part * tape.precision().bytes();
                Long other = moves.put(buffer.number(), bytes);
                if (other != null && other != bytes) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(moves);
    }
}
