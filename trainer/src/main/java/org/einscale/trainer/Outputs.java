package org.einscale.trainer;

import java.util.List;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;

/** Programs that keep only the outputs somebody reads, so that a plan may use the memory of the others again. */
final class Outputs {
    private Outputs() {
    }

    /** The same program with these outputs alone. */
    static Program only(Program program, Value... outputs) {
        return new Program(program.inputs(), program.states(), program.statements(), List.of(outputs),
                program.updates());
    }
}
