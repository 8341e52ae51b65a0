package org.einscale.einsum.plan;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Closeness;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares a compiled program with the interpreter over several runs, with other inputs each time and states carried on. */
final class PlanCheck {
    private static final int RUNS = 2;

    private PlanCheck() {
    }

    /** Fails unless outputs and states agree in both precisions after every run and no run changes an input. */
    static void agrees(Program program, Sizes sizes) {
        agrees(program, sizes, Precision.DOUBLE, 1e-9);
        agrees(program, sizes, Precision.FLOAT, 1e-4);
    }

    /** The same in one precision. */
    static void agrees(Program program, Sizes sizes, Precision precision, double tolerance) {
        agrees(program, sizes, Machine.typical(), precision, tolerance);
    }

    /** The same planned for a machine. */
    static void agrees(Program program, Sizes sizes, Profile machine, Precision precision, double tolerance) {
        agrees(Plan.compile(program, sizes, precision, machine), tolerance);
    }

    /** The same with kernels that are asked for a few elements at a time, as they are for parts of large tensors. */
    static void agreesInPieces(Program program, Sizes sizes, int most) {
        agreesInPieces(program, sizes, Precision.DOUBLE, most, 1e-9);
        agreesInPieces(program, sizes, Precision.FLOAT, most, 1e-4);
    }

    static void agreesInPieces(Program program, Sizes sizes, Precision precision, int most, double tolerance) {
        agrees(Plan.inPieces(program, sizes, precision, most), tolerance);
    }

    private static void agrees(Plan plan, double tolerance) {
        Program program = plan.program();
        Sizes sizes = plan.sizes();
        try (Session session = new Session(plan)) {
            for (int run = 0; run < RUNS; run++) {
                Map<Value, INDArray> filling = Filling.of(program, sizes, run);
                Set<Value> changing = new LinkedHashSet<>(program.inputs());
                if (run == 0) {
                    changing.addAll(program.states());
                }
                changing.forEach(value -> assign(session.array(value), Objects.requireNonNull(filling.get(value))));
                Map<Value, INDArray> given = new HashMap<>();
                filling.keySet().forEach(value -> given.put(value, session.array(value).dup('c')));
                Interpreter.Run expected = Interpreter.run(program, sizes, given);
                session.run();
                String where = " after run " + (run + 1) + " in " + plan.precision() + " of\n" + program + "\nwith "
                        + sizes
                        + "\nas " + session.plan();
                // The memory of a state that is also an output holds its update once the run is over.
                Set<Value> outputs = new LinkedHashSet<>(program.outputs());
                program.states().forEach(outputs::remove);
                outputs.forEach(
                        value -> check("output " + value + where, session, value, expected.values(), tolerance));
                program.states().forEach(
                        value -> check("state " + value + where, session, value, expected.states(), tolerance));
                program.inputs().forEach(value -> check("input " + value + where, session, value, given, 0));
            }
        }
    }

    private static void assign(INDArray to, INDArray from) {
        if (from.length() > 0) {
            to.assign(from);
        }
    }

    private static void check(String what, Session session, Value value, Map<Value, INDArray> expected,
            double tolerance) {
        Closeness.check(what, session.array(value), Objects.requireNonNull(expected.get(value)), tolerance);
    }
}
