package org.einscale.einsum.pass;

import org.einscale.einsum.dataflow.Outside;
import org.einscale.einsum.path.PathFinder;
import org.einscale.einsum.path.finder.Auto;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;

/**
 * What passes may decide by.
 *
 * @param sizes
 *            of the axes; those that follow from others may be left out
 * @param machine
 *            that the program will run on
 * @param paths
 *            in which order the operands of a contraction meet
 * @param outside
 *            what stays in the caller's memory
 */
public record Context(Sizes sizes, Precision precision, Profile machine, PathFinder paths, Outside outside) {

    /** Sizes alone, on what is to be expected of this machine. */
    public static Context of(Sizes sizes) {
        return of(sizes, Precision.FLOAT, Machine.typical());
    }

    public static Context of(Sizes sizes, Precision precision, Profile machine) {
        return new Context(sizes, precision, machine, new Auto(), Outside.NOTHING);
    }

    public Context with(PathFinder paths) {
        return new Context(sizes, precision, machine, paths, outside);
    }

    public Context with(Outside outside) {
        return new Context(sizes, precision, machine, paths, outside);
    }
}
