package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.plan.tape.Arrival;
import org.einscale.einsum.plan.tape.Meeting;
import org.einscale.einsum.plan.tape.Stop;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.collective.Exchanger;
import org.einscale.sharding.partition.Bundles;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;

/**
 * An actor that stands in for a device: it runs the plan of a session. Where the plan needs other devices it tells them
 * where in memory its contribution is, and computes on; where it needs what comes of that, it goes on when theirs have come, and
 * until then no thread waits. Devices of one process read one another's memory, so that what is exchanged is copied once; what
 * goes to another process is sent there.
 */
final class Device extends AbstractBehavior<Message> {
    /** Among the devices of its stage. */
    private final int number;
    private final int reported;
    private final Pipeline pipeline;
    private final Session session;
    private final IntFunction<ActorRef<Message>> devices;
    private final Outside outside;
    private final List<Integer> peers;
    private final int bytes;
    private final List<Bundle> bundles = new ArrayList<>();
    private final TensorArena scratch;
    private final Map<Place, Map<Integer, long[]>> ready = new HashMap<>();
    private final Map<Integer, Integer> taken = new HashMap<>();
    private final Map<Integer, Long> sent = new HashMap<>();

    private ActorRef<Message.Report> starter;
    /** The bundle that a collective is of. */
    private final Map<Meeting, Integer> numbers = new IdentityHashMap<>();
    /** Bundles that have begun in this run, whether or not they have ended. */
    private final BitSet started = new BitSet();
    /** Of those that have not, by number, the round that each is in. */
    private final Map<Integer, Integer> begun = new TreeMap<>();
    private State state = State.IDLE;
    private long epoch;
    private int step;
    private Exchanged exchanged = Exchanged.NOTHING;

    private enum State {
        IDLE,
        /** Other devices have their turn to be heard before it computes on. */
        LISTENING,
        /** It cannot go on before others have. */
        WAITING
    }

    /** A round of a bundle. */
    private record Place(int bundle, int round) {}

    /**
     * Collectives that are carried out together.
     *
     * @param last
     *            at which they begin
     */
    private record Bundle(Meeting last, List<Round> rounds) {}

    static Behavior<Message> create(int device, Pipeline pipeline, Session session, Precision precision,
            IntFunction<ActorRef<Message>> devices, Outside outside) {
        return Behaviors.setup(context -> new Device(context, device, pipeline, session, precision, devices, outside));
    }

    private Device(ActorContext<Message> context, int device, Pipeline pipeline, Session session, Precision precision,
            IntFunction<ActorRef<Message>> devices, Outside outside) {
        super(context);
        this.number = pipeline.place(device);
        this.reported = device;
        this.pipeline = pipeline;
        this.session = session;
        this.devices = devices;
        this.outside = outside;
        this.peers = pipeline.peers(device);
        this.bytes = precision.bytes();
        this.starter = context.getSystem().deadLetters().unsafeUpcast();
        this.scratch = TensorArena.allocate(Exchanger.scratchBytes(precision));
        Map<Value, Meeting> meetings = session.plan().meetings().stream()
                .collect(Collectors.toMap(meeting -> meeting.statement().result(), meeting -> meeting));
        Partition partition = pipeline.partition(device);
        for (List<Statement> together : Bundles.of(partition)) {
            List<Meeting> bundle = together.stream()
                    .map(statement -> Objects.requireNonNull(meetings.get(statement.result()))).toList();
            bundle.forEach(meeting -> numbers.put(meeting, bundles.size()));
            bundles.add(new Bundle(bundle.getLast(), Round.of(bundle, partition, number, precision, this::isOutside)));
        }
    }

    private boolean isOutside(int place) {
        return outside.has(peers.get(place));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder().onMessage(Message.Run.class, this::run).onMessage(Message.Ready.class, this::ready)
                .onMessage(Message.Taken.class, this::taken).onMessage(Message.Sent.class, this::sent)
                .onMessage(Message.GoOn.class, _ -> computeOn(step + 1)).onMessage(Message.Ask.class, this::answer)
                .onSignal(PostStop.class, _ -> {
                    scratch.close();
                    return this;
                }).build();
    }

    private Behavior<Message> run(Message.Run run) {
        epoch = run.epoch();
        starter = run.to();
        exchanged = Exchanged.NOTHING;
        started.clear();
        return computeOn(0);
    }

    private Behavior<Message> ready(Message.Ready message) {
        ready.computeIfAbsent(new Place(message.bundle(), message.round()), _ -> new HashMap<>()).put(message.from(),
                message.addresses());
        return heard();
    }

    private Behavior<Message> taken(Message.Taken message) {
        taken.merge(message.bundle(), 1, Integer::sum);
        return heard();
    }

    private Behavior<Message> sent(Message.Sent message) {
        sent.put(message.link(), message.address());
        return heard();
    }

    private Behavior<Message> answer(Message.Ask ask) {
        ask.answer().complete(
                state == State.WAITING ? "device " + reported + " waits for " + awaited() : "");
        return this;
    }

    private String awaited() {
        Meeting meeting = session.stop(step).orElseThrow().meeting();
        String others = meeting.statement().operation() instanceof Operation.Receive(int link)
                ? "device " + pipeline.counterpart(reported, pipeline.links().get(link).from())
                : awaited(number(meeting));
        return others + " at " + meeting.statement();
    }

    private String awaited(int bundle) {
        List<Round> rounds = bundles.get(bundle).rounds;
        int round = begun.getOrDefault(bundle, rounds.size());
        if (round == rounds.size()) {
            return "others to read what it has";
        }
        Map<Integer, long[]> there = ready.getOrDefault(new Place(bundle, round), Map.of());
        return "device " + rounds.get(round).senders().filter(sender -> !there.containsKey(sender))
                .mapToObj(sender -> String.valueOf(peers.get(sender))).collect(Collectors.joining(", "));
    }

    /** Where it stands, or what exchange comes next. */
    private String at() {
        return session.stop(step).map(stop -> "at or before " + stop.meeting().statement())
                .orElse("after the last collective");
    }

    private int number(Meeting meeting) {
        return Objects.requireNonNull(numbers.get(meeting));
    }

    /** Does what can be done now that another has been heard. */
    private Behavior<Message> heard() {
        return guarded(state == State.WAITING ? this::advance : this::exchange);
    }

    private Behavior<Message> computeOn(int next) {
        return guarded(() -> {
            state = State.WAITING;
            compute(next);
            advance();
        });
    }

    /** Goes on as far as it can without others. */
    private void advance() {
        exchange();
        while (state == State.WAITING && meet()) {
            compute(step + 1);
        }
    }

    /** Runs up to the next stop; where that fails, it stands at its beginning. */
    private void compute(int next) {
        step = next;
        step = session.run(next);
    }

    private Behavior<Message> guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            state = State.IDLE;
            starter.tell(new Message.Report.Failed(reported, epoch, at(), e));
        }
        return this;
    }

    /** What is to be done at a step where others are needed; whether it can compute on. */
    private boolean meet() {
        Optional<Stop> stop = session.stop(step);
        if (stop.isEmpty()) {
            state = State.IDLE;
            starter.tell(new Message.Report.Done(reported, epoch, exchanged));
            return false;
        }
        return switch (stop.get()) {
            case Arrival(Meeting meeting) -> hasArrived(meeting);
            case Meeting meeting -> switch (meeting.statement().operation()) {
                case Operation.Send(_, int link) -> {
                    send(meeting, link);
                    yield true;
                }
                case Operation.Receive(int link) -> receive(meeting, link);
                default -> {
                    begin(meeting);
                    yield false;
                }
            };
        };
    }

    private boolean hasArrived(Meeting meeting) {
        int bundle = number(meeting);
        if (!started.get(bundle)) {
            throw new IllegalStateException(
                    meeting.statement() + " is needed before " + bundles.get(bundle).last.statement()
                            + ", with which it is to begin");
        }
        return !begun.containsKey(bundle);
    }

    private void send(Meeting meeting, int link) {
        long elements = meeting.from().volume();
        int other = pipeline.counterpart(reported, pipeline.links().get(link).to());
        if (outside.has(other)) {
            outside.link(epoch, other, link, session.from(meeting), elements * bytes);
        } else {
            devices.apply(other).tell(new Message.Sent(epoch, link, session.from(meeting)));
        }
        count(elements, 0, 1, 0);
    }

    /** Copies what another stage has sent, if it has. */
    private boolean receive(Meeting meeting, int link) {
        Long address = sent.remove(link);
        if (address == null) {
            return false;
        }
        long elements = meeting.to().volume();
        MemorySegment.copy(Raw.MEMORY, address, Raw.MEMORY, session.to(meeting), elements * bytes);
        if (outside.has(pipeline.counterpart(reported, pipeline.links().get(link).from()))) {
            outside.taken(address);
        }
        count(0, elements, 0, 1);
        return true;
    }

    /** Begins a bundle if this is the last of its collectives, and lets others be heard before it computes on. */
    private void begin(Meeting meeting) {
        int bundle = number(meeting);
        if (bundles.get(bundle).last == meeting) {
            started.set(bundle);
            begun.put(bundle, 0);
            announce(bundle, 0);
            exchange();
        }
        state = State.LISTENING;
        getContext().getSelf().tell(new Message.GoOn());
    }

    /** Goes on with the bundles that have begun; ends those for which all is there. */
    private void exchange() {
        begun.entrySet().removeIf(entry -> ended(entry.getKey(), entry));
    }

    private boolean ended(int bundle, Map.Entry<Integer, Integer> at) {
        List<Round> rounds = bundles.get(bundle).rounds;
        while (at.getValue() < rounds.size()) {
            if (!take(bundle, at.getValue())) {
                return false;
            }
            at.setValue(at.getValue() + 1);
            if (at.getValue() < rounds.size()) {
                announce(bundle, at.getValue());
            } else {
                thank(bundle);
            }
        }
        if (taken.getOrDefault(bundle, 0) < rounds.getLast().readers()) {
            return false;
        }
        taken.remove(bundle);
        return true;
    }

    private void count(long sent, long received, long messages, long rounds) {
        exchanged = exchanged.plus(new Exchanged(sent, received, messages, rounds));
    }

    private ActorRef<Message> peer(int place) {
        return devices.apply(peers.get(place));
    }

    /** Tells all who get something in a round where it is. */
    private void announce(int bundle, int round) {
        Round now = bundles.get(bundle).rounds.get(round);
        long[] brought = now.brought(session);
        for (int other : now.receivers()) {
            if (isOutside(other)) {
                outside.exchange(epoch, peers.get(other), bundle, round, number, now.boxes(other), brought);
            } else {
                peer(other).tell(new Message.Ready(epoch, bundle, round, number, brought));
            }
            count(0, 0, 1, 0);
        }
        count(now.sent(), 0, 0, 0);
    }

    /** Makes the device's own part of a round if all that it needs is there. */
    private boolean take(int bundle, int round) {
        Place place = new Place(bundle, round);
        Round now = bundles.get(bundle).rounds.get(round);
        Map<Integer, long[]> there = ready.getOrDefault(place, Map.of());
        if (!now.senders().allMatch(there::containsKey)) {
            return false;
        }
        now.run(there, session, scratch.address());
        count(0, now.received(), 0, 1);
        now.senders().filter(this::isOutside)
                .forEach(sender -> outside.taken(Objects.requireNonNull(there.get(sender))[0]));
        ready.remove(place);
        return true;
    }

    /** Tells those whose memory it has read that it is theirs again. */
    private void thank(int bundle) {
        bundles.get(bundle).rounds.getLast().senders().filter(sender -> !isOutside(sender))
                .forEach(sender -> peer(sender).tell(new Message.Taken(epoch, bundle, number)));
    }
}
