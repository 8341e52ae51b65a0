package org.einscale.sharding.device;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Block;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.Parts;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Frame.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.file.ArrayType;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Devices in other processes, as the one sees them that leads them. */
final class ClusterMesh implements DeviceMesh, Engagement {
    private static final int MOST_TEXT = 1 << 16;
    private static final long ASKING_MILLIS = 1000;
    /** Elements that are asked of the devices before some have come. */
    private static final long AT_ONCE = 1 << 24;

    private final long number;
    private final Pipeline pipeline;
    private final Precision precision;
    private final List<NodeInfo> places;
    private final Set<Address> nodes;
    private final Endpoint endpoint;
    private final Consumer<ClusterMesh> release;
    private final List<Value> values;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Map<Part, CompletableFuture<TensorArena>> asked = new ConcurrentHashMap<>();
    private final Map<Address, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private final Gathering prepared;
    private volatile Gathering done;
    private volatile long epoch;

    /** A value on a device. */
    private record Part(int device, int value) {}

    /** What all nodes have to do before something is over. */
    private static final class Gathering {
        private final Set<Address> missing;
        private final CompletableFuture<Void> all = new CompletableFuture<>();

        Gathering(Set<Address> nodes) {
            missing = new LinkedHashSet<>(nodes);
        }

        synchronized void heardOf(Address node) {
            missing.remove(node);
            if (missing.isEmpty()) {
                all.complete(null);
            }
        }

        synchronized Set<Address> missing() {
            return new LinkedHashSet<>(missing);
        }
    }

    ClusterMesh(long number, Workshop.Work work, List<NodeInfo> places, Endpoint endpoint,
            Consumer<ClusterMesh> release) {
        this.number = number;
        this.pipeline = work.pipeline();
        this.precision = work.precision();
        this.places = List.copyOf(places);
        this.nodes = places.stream().map(NodeInfo::address).collect(Collectors.toCollection(LinkedHashSet::new));
        this.endpoint = endpoint;
        this.release = release;
        this.values = Numbering.values(pipeline);
        this.prepared = new Gathering(nodes);
        this.done = prepared;
    }

    /** Number of the mesh. */
    long number() {
        return number;
    }

    void awaitPrepared(Duration limit) {
        await(prepared.all.copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS), () -> new NodeLost(
                names(prepared.missing()) + ": not ready within " + limit.toSeconds() + " s"));
    }

    @Override
    public void prepared(Address node) {
        prepared.heardOf(node);
    }

    @Override
    public void refused(Address node, String reason) {
        failure.completeExceptionally(new ShardingError("node " + name(node) + ": " + reason));
    }

    @Override
    public void lost(Address node, String how) {
        if (nodes.contains(node)) {
            lost("node " + name(node) + " with " + devices(node) + " " + how);
        }
    }

    @Override
    public void lost(String how) {
        failure.completeExceptionally(new NodeLost(how));
    }

    private String name(Address node) {
        return places.stream().filter(place -> place.address().equals(node)).map(NodeInfo::name).findFirst()
                .orElseGet(node::toString);
    }

    private String names(Set<Address> some) {
        return some.stream().map(node -> "node " + name(node)).collect(Collectors.joining(", "));
    }

    private String devices(Address node) {
        List<String> here = IntStream.range(0, places.size()).filter(d -> places.get(d).address().equals(node))
                .mapToObj(String::valueOf).toList();
        return (here.size() == 1 ? "device " : "devices ") + String.join(", ", here);
    }

    @Override
    public boolean admits(Frame frame) {
        return switch (frame.kind()) {
            case ARRAY -> frame.to() >= 0 && frame.to() < places.size() && frame.place() >= 0
                    && frame.place() < values.size()
                    && frame.bytes() == bytes(frame.to(), values.get(frame.place()));
            case LOST -> frame.bytes() == 0 && frame.to() >= 0 && frame.to() < places.size();
            case DONE -> frame.bytes() == 0;
            case FAILED, WAITING -> frame.bytes() <= MOST_TEXT;
            case EXCHANGED, LINKED, WRITE, RUN, READ, ASK, ORDER, STOP, TOLD, ENDED, WANT, PIECE -> false;
        };
    }

    @Override
    public void received(Address from, Frame frame, TensorArena body) {
        if (frame.kind() == Kind.ARRAY) {
            CompletableFuture<TensorArena> answer = asked.remove(new Part(frame.to(), frame.place()));
            if (answer == null || !answer.complete(body)) {
                endpoint.giveBack(body);
            }
            return;
        }
        String text = StandardCharsets.UTF_8.decode(body.segment().asSlice(0, frame.bytes()).asByteBuffer()).toString();
        endpoint.giveBack(body);
        switch (frame.kind()) {
            case DONE -> {
                if (frame.epoch() == epoch) {
                    done.heardOf(from);
                }
            }
            case FAILED -> failure.completeExceptionally(new DeviceFailure("node " + name(from) + ": " + text,
                    new IllegalStateException(text)));
            case LOST -> {
                Address gone = places.get(frame.to()).address();
                lost(gone, gone.equals(from) ? "has stopped" : "cannot be reached by node " + name(from));
            }
            case WAITING -> Objects.requireNonNull(waiting.get(from)).complete(text);
            default -> throw new IllegalArgumentException(frame + " is for nodes");
        }
    }

    private Frame frame(Kind kind, int device, int value, long bytes) {
        return new Frame(kind, number, epoch, device, value, 0, 0, bytes);
    }

    private Block block(int device, Value value) {
        return pipeline.partition(device).block(value, pipeline.place(device));
    }

    private long bytes(int device, Value value) {
        return pipeline.partition(device).values().containsKey(value)
                ? block(device, value).volume() * precision.bytes()
                : -1;
    }

    @Override
    public void write(Value value, INDArray whole) {
        pipeline.requireShape(value, whole.shape());
        for (int d : pipeline.holders(value)) {
            Block block = block(d, value);
            TensorArena body = endpoint.buffer(places.get(d).address(), bytes(d, value));
            if (block.volume() > 0) {
                body.array(precision, 0, sizes(block)).assign(Parts.of(whole, block));
            }
            send(d, frame(Kind.WRITE, d, values.indexOf(value), bytes(d, value)), body);
        }
    }

    @Override
    public void write(Value value, double scalar) {
        for (int d : pipeline.holders(value)) {
            TensorArena body = endpoint.buffer(places.get(d).address(), precision.bytes());
            Raw.put(precision, body.address(), scalar);
            send(d, frame(Kind.WRITE, d, values.indexOf(value), precision.bytes()), body);
        }
    }

    private static long[] sizes(Block block) {
        return Arrays.stream(block.sizes()).asLongStream().toArray();
    }

    private void send(int device, Frame frame, TensorArena body) {
        endpoint.send(places.get(device).address(), frame, body);
    }

    @Override
    public void run() {
        done = new Gathering(nodes);
        epoch = epoch + 1;
        nodes.forEach(node -> endpoint.send(node, frame(Kind.RUN, 0, 0, 0)));
        await(done.all, () -> new IllegalStateException("no limit"));
    }

    /** Waits for something, or for the failure of the mesh. */
    private void await(CompletableFuture<Void> end, Supplier<RuntimeException> late) {
        try {
            CompletableFuture.anyOf(end, failure).join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case NodeLost lost -> new NodeLost(lost.getMessage() + whereOthersWait());
                case DeviceFailure failed -> failed;
                case ShardingError refused -> refused;
                case UncheckedIOException unwritten -> unwritten;
                case TimeoutException _ -> late.get();
                case null, default -> e;
            };
        }
    }

    /** What the devices that can be reached wait for, so that a person sees what the loss has stopped. */
    private String whereOthersWait() {
        Set<Address> missing = done.missing();
        missing.forEach(node -> waiting.put(node,
                new CompletableFuture<String>().completeOnTimeout("", ASKING_MILLIS, TimeUnit.MILLISECONDS)));
        missing.forEach(node -> endpoint.send(node, frame(Kind.ASK, 0, 0, 0)));
        String text = missing.stream().map(node -> Objects.requireNonNull(waiting.get(node)).join())
                .filter(answer -> !answer.isEmpty()).collect(Collectors.joining("; "));
        return text.isEmpty() ? "" : ": " + text;
    }

    @Override
    public ArrayType type(Value value) {
        return new ArrayType(precision.dataType(), pipeline.shape(value));
    }

    @Override
    public void read(Collection<Value> values, Reader to) {
        List<Pipeline.Part> parts = values.stream().flatMap(value -> pipeline.parts(value).stream()).toList();
        for (int first = 0; first < parts.size();) {
            int end = first;
            for (long elements = 0; end < parts.size() && (end == first || elements < AT_ONCE); end++) {
                elements += parts.get(end).block().volume();
            }
            await(CompletableFuture.allOf(parts.subList(first, end).stream().map(part -> read(part, to))
                    .toArray(CompletableFuture[]::new)), () -> new IllegalStateException("no limit"));
            first = end;
        }
    }

    private CompletableFuture<Void> read(Pipeline.Part part, Reader to) {
        return ask(part.device(), part.value()).thenAcceptAsync(body -> {
            try {
                to.accept(part.value(), part.block(), body.array(precision, 0, sizes(part.block())));
            } finally {
                endpoint.giveBack(body);
            }
        });
    }

    private CompletableFuture<TensorArena> ask(int device, Value value) {
        CompletableFuture<TensorArena> answer = new CompletableFuture<>();
        asked.put(new Part(device, values.indexOf(value)), answer);
        endpoint.send(places.get(device).address(), frame(Kind.READ, device, values.indexOf(value), 0));
        return answer;
    }

    private TensorArena await(CompletableFuture<TensorArena> part) {
        await(part.thenAccept(_ -> {
        }), () -> new IllegalStateException("no limit"));
        return part.join();
    }

    @Override
    public double readScalar(Value value) {
        TensorArena body = await(ask(pipeline.holders(value).getFirst(), value));
        double scalar = Raw.get(precision, body.address());
        endpoint.giveBack(body);
        return scalar;
    }

    @Override
    public void close() {
        release.accept(this);
    }
}
