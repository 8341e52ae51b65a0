package org.einscale.sharding.device;

import java.util.Locale;
import java.util.stream.Stream;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.partition.Expected;

/**
 * Holds what a device does against what was predicted of it, and ends the run where they differ.
 *
 * <ul>
 * <li>Bytes, messages and rounds, after every run: what the exchanges of the device moved, against the collectives of its program.
 * <li>Multiplications, before the first run: those in the steps of contractions that its compiled plan runs every time, against
 * the index spaces of its program's contractions. They are equal, but for those that a causal mask spares.
 * <li>Memory, before the first run: the arrays of inputs and states in its session, against the blocks that the shardings
 * give it, to the byte; and all memory of the session, which is no more than is predicted to be needed at one time, copies in
 * another layout included, and an eighth for gaps, and {@value #SMALL} bytes for what is there however small the program is.
 * </ul>
 */
final class Audit {
    private static final long SMALL = 1 << 18;

    private Audit() {
    }

    /**
     * The program of a device as it was compiled.
     *
     * @throws DeviceFailure
     *             if it is not as expected
     */
    static void compiled(int device, Expected expected, Session session) {
        double multiplications = multiplications(session.plan());
        if (multiplications > expected.multiplications() || multiplications < expected.unmasked()) {
            throw failure(device, "multiplications", multiplications,
                    multiplications > expected.multiplications() ? expected.multiplications() : expected.unmasked());
        }
        Program program = session.plan().program();
        long held = Stream.concat(program.inputs().stream(), program.states().stream())
                .mapToLong(value -> session.array(value).length()).sum() * session.plan().precision().bytes();
        require(device, "bytes of inputs and states", held, expected.held());
        long most = expected.memory() + expected.memory() / 8 + SMALL;
        if (session.plan().bytes() > most) {
            throw failure(device, "bytes of memory", session.plan().bytes(), most);
        }
    }

    /**
     * A run of a device.
     *
     * @throws DeviceFailure
     *             if it was not as expected
     */
    static void ran(int device, Exchanged expected, Exchanged counted, int elementBytes) {
        require(device, "bytes sent", counted.sent() * elementBytes, expected.sent() * elementBytes);
        require(device, "bytes received", counted.received() * elementBytes, expected.received() * elementBytes);
        require(device, "messages", counted.messages(), expected.messages());
        require(device, "rounds", counted.rounds(), expected.rounds());
    }

    private static double multiplications(Plan plan) {
        return plan.lines().stream().filter(line -> line.statement().isPresent()
                && switch (line.statement().get().operation()) {
                    case Operation.Contract _ -> true;
                    case Operation.Accumulate(_, Operation addend) -> addend instanceof Operation.Contract;
                    default -> false;
                }).mapToDouble(line -> line.work().multiplications()).sum();
    }

    private static void require(int device, String quantity, long counted, long predicted) {
        if (counted != predicted) {
            throw failure(device, quantity, counted, predicted);
        }
    }

    private static DeviceFailure failure(int device, String quantity, double counted, double predicted) {
        return new DeviceFailure(String.format(Locale.ROOT, "device %d: %s: predicted %.0f, counted %.0f", device,
                quantity, predicted, counted), new IllegalStateException("miscounted"));
    }
}
