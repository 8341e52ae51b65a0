package org.einscale.einsum;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.einscale.einsum.path.PathFinder;
import org.einscale.einsum.path.finder.Paths;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Semiring;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;

/**
 * How an equation is met with shapes and computed.
 *
 * @param broadcasting
 *            whether a size 1 stretches against another size
 * @param parts
 *            sizes of axes that the shapes do not tell, by name
 * @param reduction
 *            what combines the elements of a single operand, instead of a sum of products
 * @param memory
 *            bytes that intermediate results may take
 * @param machine
 *            what decides between ways to compute the same
 */
record Options(boolean broadcasting, Map<String, Integer> parts, Semiring semiring, Optional<Reduction> reduction,
        PathFinder paths, OptionalLong memory, Profile machine) {
    static final Options DEFAULT = new Options(false, Map.of(), Semiring.SUM_PRODUCT, Optional.empty(),
            Paths.byName("auto"), OptionalLong.empty(), Machine.typical());

    Options {
        parts = Map.copyOf(parts);
    }

    Options withBroadcasting() {
        return new Options(true, parts, semiring, reduction, paths, memory, machine);
    }

    Options withPart(String axis, int size) {
        Map<String, Integer> more = new TreeMap<>(parts);
        more.put(axis, size);
        return new Options(broadcasting, more, semiring, reduction, paths, memory, machine);
    }

    Options withSemiring(Semiring value) {
        return new Options(broadcasting, parts, value, reduction, paths, memory, machine);
    }

    Options withReduction(Reduction value) {
        return new Options(broadcasting, parts, semiring, Optional.of(value), paths, memory, machine);
    }

    Options withPaths(PathFinder value) {
        return new Options(broadcasting, parts, semiring, reduction, value, memory, machine);
    }

    Options withMemory(long bytes) {
        return new Options(broadcasting, parts, semiring, reduction, paths, OptionalLong.of(bytes), machine);
    }

    Options withMachine(Profile value) {
        return new Options(broadcasting, parts, semiring, reduction, paths, memory, value);
    }
}
