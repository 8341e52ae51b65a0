package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.collective.Boxes;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Frame.Kind;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The devices of a mesh that one process has, and the frames between them, those in other processes, and the process that
 * leads them.
 */
final class Host implements Outside, Guest {
    private final long run;
    private final Hosted hosted;
    private final List<Address> places;
    private final Address leader;
    private final Endpoint endpoint;
    private final List<Value> values;
    private final long most;
    private final Map<Integer, Exchanged> expected = new ConcurrentHashMap<>();
    private final Map<Long, TensorArena> lent = new ConcurrentHashMap<>();
    private boolean closed;
    private boolean released;
    private final CompletableFuture<Map<Integer, ActorRef<Message>>> devices = new CompletableFuture<>();
    private final CompletableFuture<ActorRef<Team.Command>> team = new CompletableFuture<>();

    /**
     * @param run
     *            number of the mesh
     * @param places
     *            where each device of the mesh is
     * @param leader
     *            who starts runs
     */
    Host(long run, Hosted hosted, List<Address> places, Address leader, Endpoint endpoint) {
        this.run = run;
        this.hosted = hosted;
        this.places = List.copyOf(places);
        this.leader = leader;
        this.endpoint = endpoint;
        Pipeline pipeline = hosted.pipeline();
        this.values = Numbering.values(pipeline);
        for (int d : hosted.devices()) {
            expected.put(d, Expected.exchanged(pipeline.partition(d), pipeline.place(d)));
        }
        this.most = hosted.devices().stream().mapToLong(d -> hosted.session(d).plan().bytes()).max().orElse(0);
    }

    @Override
    public Address leader() {
        return leader;
    }

    @Override
    public void begin(Map<Integer, ActorRef<Message>> here) {
        devices.complete(here);
    }

    /** From now on this actor runs the devices. */
    void start(ActorRef<Team.Command> actor) {
        team.complete(actor);
    }

    /** Whether a frame of this mesh makes sense here. */
    @Override
    public boolean admits(Frame frame) {
        return frame.bytes() <= most && switch (frame.kind()) {
            case EXCHANGED, LINKED -> hosted.devices().contains(frame.to());
            case WRITE -> hosts(frame) && bytes(frame) == frame.bytes();
            case READ -> hosts(frame) && frame.bytes() == 0;
            case RUN, ASK -> frame.bytes() == 0;
            case ARRAY, DONE, FAILED, LOST, WAITING, ORDER, STOP, TOLD, ENDED, WANT, PIECE -> false;
        };
    }

    private boolean hosts(Frame frame) {
        return hosted.devices().contains(frame.to()) && frame.place() >= 0 && frame.place() < values.size()
                && hosted.pipeline().partition(frame.to()).values().containsKey(values.get(frame.place()));
    }

    private long bytes(Frame frame) {
        return hosted.block(frame.to(), values.get(frame.place())).volume() * hosted.precision().bytes();
    }

    /** Takes what has come, unless the devices are gone. */
    @Override
    public synchronized void received(Frame frame, TensorArena body) {
        if (closed) {
            endpoint.giveBack(body);
            return;
        }
        switch (frame.kind()) {
            case EXCHANGED -> deliver(frame, body, new Message.Ready(frame.epoch(), frame.place(), frame.round(),
                    frame.from(), new long[]{body.address()}));
            case LINKED -> deliver(frame, body, new Message.Sent(frame.epoch(), frame.place(), body.address()));
            case WRITE -> {
                INDArray here = hosted.array(frame.to(), values.get(frame.place()));
                if (here.length() > 0) {
                    here.assign(body.array(hosted.precision(), 0, here.shape()));
                }
                endpoint.giveBack(body);
            }
            case RUN -> run(frame.epoch());
            case READ -> read(frame);
            case ASK -> ask(frame);
            default -> throw new IllegalArgumentException(frame + " is for who leads");
        }
    }

    private void deliver(Frame frame, TensorArena body, Message message) {
        lent.put(body.address(), body);
        Objects.requireNonNull(devices.join().get(frame.to())).tell(message);
    }

    private void run(long epoch) {
        CompletableFuture<Map<Integer, Exchanged>> end = new CompletableFuture<>();
        end.thenAccept(all -> all.forEach((d, counted) -> Audit.ran(d, Objects.requireNonNull(expected.get(d)), counted,
                hosted.precision().bytes()))).whenComplete((_, failure) -> {
                    if (failure == null) {
                        endpoint.send(leader, frame(Kind.DONE, epoch, 0, 0, 0));
                    } else {
                        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                        send(frame(Kind.FAILED, epoch, 0, 0, 0), String.valueOf(cause.getMessage()));
                    }
                });
        team.join().tell(new Team.Command.Run(epoch, end));
    }

    private void read(Frame asked) {
        INDArray here = hosted.array(asked.to(), values.get(asked.place()));
        TensorArena body = endpoint.buffer(leader, bytes(asked));
        if (here.length() > 0) {
            body.array(hosted.precision(), 0, here.shape()).assign(here);
        }
        endpoint.send(leader, frame(Kind.ARRAY, asked.epoch(), asked.to(), asked.place(), bytes(asked)), body);
    }

    private void ask(Frame asked) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        answer.thenAccept(text -> send(frame(Kind.WAITING, asked.epoch(), 0, 0, 0), text));
        team.join().tell(new Team.Command.Ask(answer));
    }

    private Frame frame(Kind kind, long epoch, int to, int place, long bytes) {
        return new Frame(kind, run, epoch, to, place, 0, 0, bytes);
    }

    private void send(Frame frame, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        endpoint.send(leader, frame(frame.kind(), frame.epoch(), frame.to(), frame.place(), bytes.length), bytes);
    }

    @Override
    public boolean has(int device) {
        return !hosted.devices().contains(device);
    }

    @Override
    public void exchange(long epoch, int to, int bundle, int round, int from, Boxes boxes,
            long[] addresses) {
        TensorArena body = endpoint.buffer(places.get(to), boxes.bytes());
        boxes.copy(addresses, body.address());
        endpoint.sendNow(places.get(to),
                new Frame(Kind.EXCHANGED, run, epoch, to, bundle, round, from, boxes.bytes()), body);
    }

    @Override
    public void link(long epoch, int to, int link, long address, long bytes) {
        TensorArena body = endpoint.buffer(places.get(to), bytes);
        MemorySegment.copy(Raw.MEMORY, address, body.segment(), 0, bytes);
        endpoint.send(places.get(to), frame(Kind.LINKED, epoch, to, link, bytes), body);
    }

    @Override
    public void taken(long address) {
        endpoint.giveBack(Objects.requireNonNull(lent.remove(address)));
    }

    /** Nobody waits for the devices any more. */
    @Override
    public void release() {
        released = true;
    }

    /** Tells who leads that another process of this mesh does not send any more. */
    @Override
    public void lost(Address peer) {
        if (places.contains(peer)) {
            endpoint.send(leader, frame(Kind.LOST, 0, places.indexOf(peer), 0, 0));
        }
    }

    @Override
    public String toString() {
        return "devices " + hosted.devices().stream().map(String::valueOf).collect(Collectors.joining(", ")) + " of "
                + places.size() + " for " + leader;
    }

    /** Frees all memory; no device may run any more. Tells who leads, if that still waits for them. */
    @Override
    public synchronized void close() {
        if (!closed && !released) {
            endpoint.send(leader, frame(Kind.LOST, 0, places.indexOf(endpoint.address()), 0, 0));
        }
        closed = true;
        hosted.close();
        lent.values().forEach(endpoint::giveBack);
        lent.clear();
    }
}
