package org.einscale.einsum.run;

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
public record Options(boolean broadcasting, Map<String, Integer> parts, Semiring semiring,
        Optional<Reduction> reduction,
        PathFinder paths, OptionalLong memory, Profile machine) {
    /** A sum of products, as fast as it can be. */
    public static final Options DEFAULT = new Options(false, Map.of(), Semiring.SUM_PRODUCT, Optional.empty(),
            Paths.byName("auto"), OptionalLong.empty(), Machine.typical());

    public Options {
        parts = Map.copyOf(parts);
    }

    public Options withBroadcasting() {
        return new Options(true, parts, semiring, reduction, paths, memory, machine);
    }

    public Options withPart(String axis, int size) {
        Map<String, Integer> more = new TreeMap<>(parts);
        more.put(axis, size);
        return new Options(broadcasting, more, semiring, reduction, paths, memory, machine);
    }

    public Options withSemiring(Semiring value) {
        return new Options(broadcasting, parts, value, reduction, paths, memory, machine);
    }

    public Options withReduction(Reduction value) {
        return new Options(broadcasting, parts, semiring, Optional.of(value), paths, memory, machine);
    }

    public Options withPaths(PathFinder value) {
        return new Options(broadcasting, parts, semiring, reduction, value, memory, machine);
    }

    public Options withMemory(long bytes) {
        return new Options(broadcasting, parts, semiring, reduction, paths, OptionalLong.of(bytes), machine);
    }

    public Options withMachine(Profile value) {
        return new Options(broadcasting, parts, semiring, reduction, paths, memory, value);
    }
}
