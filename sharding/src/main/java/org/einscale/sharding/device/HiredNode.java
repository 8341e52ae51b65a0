package org.einscale.sharding.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Frame.Kind;
import org.einscale.tensor.memory.TensorArena;

/** A node that does jobs, as the one sees it who gives them. */
final class HiredNode implements Hire, Engagement {
    /** A node gives a sign of life much more often. */
    private static final long SILENCE_SECONDS = 30;
    private static final long MOST_TEXT = 1 << 20;

    private final long number;
    private final NodeInfo node;
    private final Parcel material;
    private final Endpoint endpoint;
    private final Consumer<HiredNode> release;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final AtomicLong jobs = new AtomicLong();
    private final Map<Long, BlockingQueue<Event>> running = new ConcurrentHashMap<>();

    /** What is heard of a job. */
    private sealed interface Event {
        record Told(String text) implements Event {}

        record Ended(Outcome outcome) implements Event {}

        record Failed(String why) implements Event {}

        record Piece(byte[] bytes) implements Event {}

        record Lost(String how) implements Event {}
    }

    HiredNode(long number, NodeInfo node, Parcel material, Endpoint endpoint, Consumer<HiredNode> release) {
        this.number = number;
        this.node = node;
        this.material = material;
        this.endpoint = endpoint;
        this.release = release;
    }

    long number() {
        return number;
    }

    void awaitPrepared(Duration limit) throws InterruptedException {
        try {
            ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case NodeLost lost -> lost;
                case ShardingError refused -> refused;
                case null, default -> new IllegalStateException(e);
            };
        } catch (TimeoutException e) {
            throw new NodeLost("node " + node.name() + ": not ready within " + limit.toSeconds() + " s");
        }
    }

    @Override
    public void prepared(Address from) {
        ready.complete(null);
    }

    @Override
    public void refused(Address from, String reason) {
        ready.completeExceptionally(new ShardingError("node " + node.name() + ": " + reason));
    }

    @Override
    public void lost(Address address, String how) {
        if (address.equals(node.address())) {
            lost("node " + node.name() + " " + how);
        }
    }

    @Override
    public void lost(String how) {
        end.complete(how);
        ready.completeExceptionally(new NodeLost(how));
        running.values().forEach(events -> events.add(new Event.Lost(how)));
    }

    @Override
    public boolean admits(Frame frame) {
        return switch (frame.kind()) {
            case TOLD, ENDED, FAILED -> frame.bytes() <= MOST_TEXT;
            case PIECE -> frame.bytes() <= Parcel.PIECE;
            case LOST -> frame.bytes() == 0;
            case WANT -> frame.bytes() == 0 && frame.round() >= 0 && frame.round() < material.pieces();
            case EXCHANGED, LINKED, WRITE, RUN, READ, ARRAY, DONE, ASK, WAITING, ORDER, STOP -> false;
        };
    }

    @Override
    public void received(Address from, Frame frame, TensorArena body) {
        byte[] bytes = endpoint.take(frame, body);
        if (!from.equals(node.address())) {
            return;
        }
        switch (frame.kind()) {
            case WANT -> send(frame.round());
            case TOLD -> hear(frame, new Event.Told(text(bytes)));
            case ENDED -> hear(frame, new Event.Ended(Outcome.parse(bytes)));
            case PIECE -> hear(frame, new Event.Piece(bytes));
            case FAILED -> hear(frame, new Event.Failed(text(bytes)));
            case LOST -> lost(node.address(), "has stopped");
            default -> throw new IllegalArgumentException(frame + " is for nodes");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** What comes late, of a job that nobody waits for any more, is not heard. */
    private void hear(Frame frame, Event event) {
        BlockingQueue<Event> events = running.get(frame.epoch());
        if (events != null) {
            events.add(event);
        }
    }

    private void send(int piece) {
        try {
            byte[] bytes = material.piece(piece);
            endpoint.send(node.address(), frame(Kind.PIECE, 0, 0, piece, bytes.length), bytes);
        } catch (IOException e) {
            refused(node.address(), "what it was to be sent cannot be read: " + e.getMessage());
        }
    }

    private Frame frame(Kind kind, long job, int file, int piece, long bytes) {
        return new Frame(kind, number, job, 0, file, piece, 0, bytes);
    }

    @Override
    public String run(String label, String order, Path folder, Consumer<String> told)
            throws IOException, InterruptedException {
        long job = jobs.incrementAndGet();
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        running.put(job, events);
        try {
            if (end.isDone()) {
                throw new NodeLost(end.join());
            }
            byte[] text = (label + "\n" + order).getBytes(StandardCharsets.UTF_8);
            endpoint.send(node.address(), frame(Kind.ORDER, job, 0, 0, text.length), text);
            while (true) {
                switch (next(events, label)) {
                    case Event.Told(String news) when news.isEmpty() -> {
                    }
                    case Event.Told(String news) -> told.accept(news);
                    case Event.Ended(Outcome outcome) -> {
                        fetch(outcome.files(), folder, job, events, label);
                        return outcome.answer();
                    }
                    case Event event -> throw unexpected(event);
                }
            }
        } finally {
            running.remove(job);
            if (!end.isDone()) {
                endpoint.send(node.address(), frame(Kind.STOP, job, 0, 0, 0));
            }
        }
    }

    private void fetch(List<Outcome.Item> files, Path folder, long job, BlockingQueue<Event> events, String label)
            throws IOException, InterruptedException {
        for (int file = 0; file < files.size(); file++) {
            int place = file;
            files.get(file).in(folder).receive(piece -> {
                endpoint.send(node.address(), frame(Kind.WANT, job, place, piece, 0));
                while (true) {
                    switch (next(events, label)) {
                        case Event.Told _ -> {
                        }
                        case Event.Piece(byte[] bytes) -> {
                            return bytes;
                        }
                        case Event event -> throw unexpected(event);
                    }
                }
            });
        }
    }

    private RuntimeException unexpected(Event event) {
        return switch (event) {
            case Event.Lost(String how) -> new NodeLost(how);
            case Event.Failed(String why) -> new IllegalStateException("node " + node.name() + ": " + why);
            case Event.Told _,Event.Ended _,Event.Piece _ ->
                new IllegalStateException("node " + node.name() + " sent what nobody asked for");
        };
    }

    private Event next(BlockingQueue<Event> events, String label) throws InterruptedException {
        Event event = events.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
        if (event != null) {
            return event;
        }
        String how = "node " + node.name() + " has said nothing of " + label + " for " + SILENCE_SECONDS + " s";
        lost(how);
        return new Event.Lost(how);
    }

    @Override
    public void close() {
        release.accept(this);
    }
}
