package org.einscale.bench.mesh;

import java.util.Map;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;

/** A program of two devices that each have one of two rows. */
public final class RowSum {
    private RowSum() {
    }

    /**
     * The program as the devices share it.
     *
     * @param sums
     *            whether they sum up the rows, which is one all-reduce, or do nothing
     */
    public static Partition split(int elements, boolean sums) {
        ProgramBuilder builder = new ProgramBuilder();
        Value rows = builder.state("rows", ProgramBuilder.axes("r n"));
        builder.output(sums ? builder.reduce(Reduction.SUM, rows, ProgramBuilder.axes("n")) : rows);
        Context context = Context.of(Sizes.of(Map.of("r", 2, "n", elements)), Precision.FLOAT, Machine.measured());
        return Partition.of(builder.build(), context,
                new Splitting(Rules.of(Mesh.of("x=2"), "r=x"), true, Network.LOCAL), Set.of());
    }
}
