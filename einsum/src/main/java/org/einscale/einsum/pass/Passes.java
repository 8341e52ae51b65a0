package org.einscale.einsum.pass;

import java.util.List;
import java.util.stream.Stream;
import org.einscale.einsum.program.Program;

/** All passes between what a person wrote and a plan, in their order. */
public final class Passes {

    /** To operations of few kinds, each of one or two operands: what is counted, and split over devices. */
    public static final List<Pass> SIMPLER = List.of(new DeadCode(), new Reductions(), new Pairwise());

    /** To what a device runs: what is computed once, together, and in whose memory. */
    public static final List<Pass> EXECUTION = List.of(new Hoist(), new AddInPlace(), new FuseMaps(), new FuseBatches(),
            new Overwrite());

    public static final List<Pass> ALL = Stream.concat(SIMPLER.stream(), EXECUTION.stream()).toList();

    private Passes() {
    }

    public static Program apply(List<Pass> passes, Program program, Context context) {
        Program result = program;
        for (Pass pass : passes) {
            result = pass.apply(result, context);
        }
        return result;
    }
}
