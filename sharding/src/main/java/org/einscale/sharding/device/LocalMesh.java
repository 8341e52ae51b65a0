package org.einscale.sharding.device;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.Parts;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.profile.Profile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Devices that are actors of one process: as many as the mesh has, on the cores that there are. */
public final class LocalMesh implements DeviceMesh {
    private static final long CLOSING_SECONDS = 30;

    private final Pipeline pipeline;
    private final Precision precision;
    private final List<Session> sessions = new ArrayList<>();
    private final ActorSystem<Command> system;
    private final CompletableFuture<Done> stopped;
    private final List<Exchanged> expected;
    private long epoch;

    /** What the guardian of the devices is told. */
    private sealed interface Command {
        record Run(long epoch, CompletableFuture<Exchanged[]> end) implements Command {}

        record Reported(Message.Report report) implements Command {}
    }

    /**
     * Compiles the program of every device, and starts them. Devices of a stage whose parts have the same sizes and starts
     * share a plan.
     *
     * @param machine
     *            what decides between ways to compute the same
     * @throws DeviceFailure
     *             if a compiled program does not multiply or hold what was predicted
     */
    public LocalMesh(Pipeline pipeline, Precision precision, Profile machine) {
        this(pipeline, precision, machine, IntStream.range(0, pipeline.mesh().devices())
                .mapToObj(d -> Expected.exchanged(pipeline.partition(d), pipeline.place(d))).toList());
    }

    /**
     * The same for devices that are expected to exchange something.
     *
     * @param expected
     *            of each device
     */
    LocalMesh(Pipeline pipeline, Precision precision, Profile machine, List<Exchanged> expected) {
        this.pipeline = pipeline;
        this.precision = precision;
        this.expected = expected;
        try {
            Map<Part, Plan> plans = new HashMap<>();
            for (int d = 0; d < pipeline.mesh().devices(); d++) {
                Program local = pipeline.partition(d).local();
                Part part = new Part(pipeline.stage(d), pipeline.partition(d).sizes(pipeline.place(d)));
                boolean first = !plans.containsKey(part);
                sessions.add(new Session(plans.computeIfAbsent(part,
                        _ -> Plan.compile(local, Context.of(part.sizes(), precision, machine), true))));
                if (first) {
                    Audit.compiled(d, Expected.of(pipeline.partition(d), pipeline.place(d), precision.bytes()),
                            sessions.getLast());
                }
            }
            this.system = ActorSystem.create(guardian(), "mesh", settings());
        } catch (RuntimeException | Error e) {
            sessions.forEach(Session::close);
            throw e;
        }
        this.stopped = system.getWhenTerminated().toCompletableFuture();
    }

    /** As {@link #LocalMesh(Pipeline, Precision, Profile)}, without stages. */
    public LocalMesh(Partition partition, Precision precision, Profile machine) {
        this(Pipeline.of(partition), precision, machine);
    }

    /** What is the same for all devices that share a plan. */
    private record Part(int stage, Sizes sizes) {}

    private static Config settings() {
        int cores = Runtime.getRuntime().availableProcessors();
        return ConfigFactory.parseMap(Map.of("akka.loglevel", "OFF", "akka.stdout-loglevel", "OFF",
                "akka.coordinated-shutdown.run-by-jvm-shutdown-hook", false, "akka.daemonic", true,
                "akka.actor.default-dispatcher.fork-join-executor.parallelism-min", cores,
                "akka.actor.default-dispatcher.fork-join-executor.parallelism-max", cores,
                "akka.actor.default-dispatcher.throughput", 64)).withFallback(ConfigFactory.load());
    }

    private Behavior<Command> guardian() {
        return Behaviors.setup(context -> {
            List<ActorRef<Message>> devices = new ArrayList<>();
            for (int d = 0; d < sessions.size(); d++) {
                devices.add(context.spawn(Device.create(d, pipeline, sessions.get(d), precision, devices::get),
                        "device-" + d));
                // A device that stops by itself stops the mesh.
                context.watch(devices.getLast());
            }
            ActorRef<Message.Report> reports = context.messageAdapter(Message.Report.class, Command.Reported::new);
            return Behaviors.setup(_ -> new Runs(devices, reports).idle());
        });
    }

    /** The guardian's state: which run goes on, and who has not reported yet. */
    private record Runs(List<ActorRef<Message>> devices, ActorRef<Message.Report> reports) {

        Behavior<Command> idle() {
            return Behaviors.receive(Command.class).onMessage(Command.Run.class, run -> {
                devices.forEach(device -> device.tell(new Message.Run(run.epoch(), reports)));
                return running(run.end(), devices.size(), new Exchanged[devices.size()]);
            }).onMessage(Command.Reported.class, _ -> Behaviors.same()).build();
        }

        private Behavior<Command> running(CompletableFuture<Exchanged[]> end, int waiting,
                Exchanged[] counted) {
            return Behaviors.receive(Command.class).onMessage(Command.Reported.class,
                    reported -> switch (reported.report()) {
                        case Message.Report.Failed failed -> {
                            end.completeExceptionally(new DeviceFailure("device " + failed.device() + " failed "
                                    + failed.where() + ": " + failed.cause(), failed.cause()));
                            yield Behaviors.stopped();
                        }
                        case Message.Report.Done done -> {
                            counted[done.device()] = done.exchanged();
                            if (waiting > 1) {
                                yield running(end, waiting - 1, counted);
                            }
                            end.complete(counted);
                            yield idle();
                        }
                    }).build();
        }
    }

    @Override
    public void write(Value value, INDArray whole) {
        if (!Arrays.equals(whole.shape(), shape(value))) {
            throw new IllegalArgumentException(value + " is written from an array of shape "
                    + Arrays.toString(whole.shape()) + "; expected " + Arrays.toString(shape(value)));
        }
        for (int d : pipeline.holders(value)) {
            INDArray here = array(d, value);
            if (here.length() > 0) {
                here.assign(Parts.of(whole, block(d, value)));
            }
        }
    }

    @Override
    public void write(Value value, double number) {
        for (int d : pipeline.holders(value)) {
            Raw.put(precision, address(d, value), number);
        }
    }

    private long[] shape(Value value) {
        Sizes sizes = pipeline.stages().getFirst().sizes();
        return value.axes().stream().mapToLong(sizes::of).toArray();
    }

    private INDArray array(int device, Value value) {
        return sessions.get(device).array(pipeline.partition(device).local(value));
    }

    private long address(int device, Value value) {
        return sessions.get(device).address(pipeline.partition(device).local(value));
    }

    private Block block(int device, Value value) {
        return pipeline.partition(device).block(value, pipeline.place(device));
    }

    @Override
    public void run() {
        CompletableFuture<Exchanged[]> end = new CompletableFuture<>();
        system.tell(new Command.Run(epoch++, end));
        try {
            // Whoever is interrupted meanwhile finds out after the step, which is then whole.
            CompletableFuture.anyOf(end, stopped).join();
            if (!end.isDone()) {
                throw new DeviceFailure(
                        "the mesh has stopped; expected one that is open and whose devices have not failed",
                        new IllegalStateException("stopped"));
            }
            Exchanged[] counted = end.join();
            for (int d = 0; d < counted.length; d++) {
                Audit.ran(d, expected.get(d), counted[d], precision.bytes());
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof DeviceFailure failure
                    ? failure
                    : new DeviceFailure("the mesh failed: " + e.getCause(), e);
        }
    }

    @Override
    public INDArray read(Value value) {
        INDArray whole = Nd4j.create(precision.dataType(), shape(value));
        for (int d : pipeline.holders(value)) {
            Block block = block(d, value);
            if (block.volume() > 0) {
                Parts.of(whole, block).assign(array(d, value));
            }
        }
        return whole;
    }

    @Override
    public double readScalar(Value value) {
        return Raw.get(precision, address(pipeline.holders(value).getFirst(), value));
    }

    /** Waits until no device computes any more, also if the thread is interrupted: devices read one another's memory. */
    @Override
    public void close() {
        system.terminate();
        try {
            stopped.orTimeout(CLOSING_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new DeviceFailure("devices did not stop within " + CLOSING_SECONDS + " s", e);
        }
        sessions.forEach(Session::close);
    }
}
