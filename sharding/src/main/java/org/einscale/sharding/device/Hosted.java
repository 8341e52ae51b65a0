package org.einscale.sharding.device;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.profile.Profile;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The compiled programs and the memory of those devices of a mesh that one process has. */
final class Hosted implements AutoCloseable {
    private final Pipeline pipeline;
    private final Precision precision;
    private final Map<Integer, Session> sessions = new LinkedHashMap<>();

    /** What is the same for all devices that share a plan. */
    private record Part(int stage, Sizes sizes) {}

    /**
     * Compiles the program of every device. Those of a stage whose parts have the same sizes and starts share a plan.
     *
     * @param machine
     *            what decides between ways to compute the same
     * @throws org.einscale.sharding.DeviceFailure
     *             if a compiled program does not multiply or hold what was predicted
     */
    Hosted(Pipeline pipeline, Precision precision, Profile machine, List<Integer> devices) {
        this.pipeline = pipeline;
        this.precision = precision;
        Map<Part, Plan> plans = new HashMap<>();
        try {
            for (int d : devices) {
                Program local = pipeline.partition(d).local();
                Part part = new Part(pipeline.stage(d), pipeline.partition(d).sizes(pipeline.place(d)));
                boolean first = !plans.containsKey(part);
                Session session = new Session(plans.computeIfAbsent(part,
                        _ -> Plan.compile(local, Context.of(part.sizes(), precision, machine), true)));
                sessions.put(d, session);
                if (first) {
                    Audit.compiled(d, Expected.of(pipeline.partition(d), pipeline.place(d), precision.bytes()),
                            session);
                }
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Precision precision() {
        return precision;
    }

    Set<Integer> devices() {
        return sessions.keySet();
    }

    Session session(int device) {
        return Objects.requireNonNull(sessions.get(device), () -> "device " + device + " is elsewhere");
    }

    /** What a device has of an input, state or output of the whole program. */
    INDArray array(int device, Value value) {
        return session(device).array(pipeline.partition(device).local(value));
    }

    /** Where that is. */
    long address(int device, Value value) {
        return session(device).address(pipeline.partition(device).local(value));
    }

    /** Which part of the whole that is. */
    Block block(int device, Value value) {
        return pipeline.partition(device).block(value, pipeline.place(device));
    }

    @Override
    public void close() {
        sessions.values().forEach(Session::close);
    }
}
