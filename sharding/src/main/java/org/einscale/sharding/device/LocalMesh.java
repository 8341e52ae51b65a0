package org.einscale.sharding.device;

import akka.Done;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.Parts;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.file.ArrayType;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.profile.Profile;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Devices that are actors of one process: as many as the mesh has, on the cores that there are. */
public final class LocalMesh implements DeviceMesh {
    private static final long CLOSING_SECONDS = 30;

    private final Pipeline pipeline;
    private final Precision precision;
    private final Hosted hosted;
    private final ActorSystem<Team.Command> system;
    private final CompletableFuture<Done> stopped;
    private final List<Exchanged> expected;
    private long epoch;

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
        this.hosted = new Hosted(pipeline, precision, machine,
                IntStream.range(0, pipeline.mesh().devices()).boxed().toList());
        try {
            this.system = ActorSystem.create(Team.create(hosted, Outside.NONE), "mesh", settings());
        } catch (RuntimeException | Error e) {
            hosted.close();
            throw e;
        }
        this.stopped = system.getWhenTerminated().toCompletableFuture();
    }

    /** As {@link #LocalMesh(Pipeline, Precision, Profile)}, without stages. */
    public LocalMesh(Partition partition, Precision precision, Profile machine) {
        this(Pipeline.of(partition), precision, machine);
    }

    private static Config settings() {
        int cores = Runtime.getRuntime().availableProcessors();
        return ConfigFactory.parseMap(Map.of("akka.loglevel", "OFF", "akka.stdout-loglevel", "OFF",
                "akka.coordinated-shutdown.run-by-jvm-shutdown-hook", false, "akka.daemonic", true,
                "akka.actor.default-dispatcher.fork-join-executor.parallelism-min", cores,
                "akka.actor.default-dispatcher.fork-join-executor.parallelism-max", cores,
                "akka.actor.default-dispatcher.throughput", 64)).withFallback(ConfigFactory.load());
    }

    @Override
    public void write(Value value, INDArray whole) {
        pipeline.requireShape(value, whole.shape());
        for (int d : pipeline.holders(value)) {
            INDArray here = hosted.array(d, value);
            if (here.length() > 0) {
                here.assign(Parts.of(whole, hosted.block(d, value)));
            }
        }
    }

    @Override
    public void write(Value value, double number) {
        for (int d : pipeline.holders(value)) {
            Raw.put(precision, hosted.address(d, value), number);
        }
    }

    @Override
    public void run() {
        CompletableFuture<Map<Integer, Exchanged>> end = new CompletableFuture<>();
        system.tell(new Team.Command.Run(epoch++, end));
        try {
            // Whoever is interrupted meanwhile finds out after the step, which is then whole.
            CompletableFuture.anyOf(end, stopped).join();
            if (!end.isDone()) {
                throw new DeviceFailure(
                        "the mesh has stopped; expected one that is open and whose devices have not failed",
                        new IllegalStateException("stopped"));
            }
            end.join().forEach((d, counted) -> Audit.ran(d, expected.get(d), counted, precision.bytes()));
        } catch (CompletionException e) {
            throw e.getCause() instanceof DeviceFailure failure
                    ? failure
                    : new DeviceFailure("the mesh failed: " + e.getCause(), e);
        }
    }

    @Override
    public ArrayType type(Value value) {
        return new ArrayType(precision.dataType(), pipeline.shape(value));
    }

    @Override
    public void read(Collection<Value> values, Reader to) {
        values.stream().flatMap(value -> pipeline.parts(value).stream()).parallel().forEach(
                part -> to.accept(part.value(), part.block(), hosted.array(part.device(), part.value())));
    }

    @Override
    public double readScalar(Value value) {
        return Raw.get(precision, hosted.address(pipeline.holders(value).getFirst(), value));
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
        hosted.close();
    }
}
