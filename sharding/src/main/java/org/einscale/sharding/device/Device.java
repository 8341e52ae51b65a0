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
import java.util.Arrays;
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
import org.einscale.sharding.Block;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.collective.Exchanger;
import org.einscale.sharding.collective.Packing;
import org.einscale.sharding.collective.Piece;
import org.einscale.sharding.collective.Stage;
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
    private final List<List<Round>> meetings = new ArrayList<>();
    private final TensorArena scratch;
    private final Map<Place, Map<Integer, Long>> ready = new HashMap<>();
    private final Map<Integer, Integer> taken = new HashMap<>();
    private final Map<Integer, Long> sent = new HashMap<>();

    private ActorRef<Message.Report> starter;
    private final Map<Meeting, Integer> numbers = new IdentityHashMap<>();
    /** Of the collectives that have begun, by number, the round that each is in. */
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

    /** A round of a collective of the plan. */
    private record Place(int meeting, int round) {}

    /**
     * What this device does in a round.
     *
     * @param others
     *            devices that get something from it
     * @param boxes
     *            what each of these gets
     * @param readers
     *            number of those that read it in its memory
     * @param sent
     *            elements that all get
     * @param fromOffset
     *            bytes from the collective's own place to what it brings
     * @param fromResult
     *            whether that is in the result, where a round before has left it
     */
    private record Round(Exchanger exchanger, int[] others, List<Packing> boxes, int readers, long sent,
            long fromOffset, boolean fromResult, long toOffset) {}

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
        Partition partition = pipeline.partition(device);
        for (Meeting meeting : session.plan().meetings()) {
            numbers.put(meeting, meetings.size());
            meetings.add(meeting.statement().operation() instanceof Operation.Collective
                    ? rounds(meeting, partition, precision)
                    : List.of());
        }
    }

    private List<Round> rounds(Meeting meeting, Partition partition, Precision precision) {
        List<Stage> stages = Stage.of(meeting.statement(), partition.mesh(), partition.sizes(), number);
        boolean reduce = stages.size() == 2;
        long part = reduce ? part(meeting, partition) * precision.bytes() : 0;
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            List<Piece> sent = stages.get(i).sent(number).stream().filter(piece -> piece.to() != number).toList();
            rounds.add(new Round(new Exchanger(stages.get(i), number, precision, this::isOutside),
                    sent.stream().mapToInt(Piece::to).toArray(),
                    sent.stream().map(piece -> new Packing(piece, precision)).toList(),
                    (int) sent.stream().filter(piece -> !isOutside(piece.to())).count(),
                    sent.stream().mapToLong(Piece::volume).sum(), i == 1 ? part : 0, i == 1,
                    reduce && i == 0 ? part : 0));
        }
        return rounds;
    }

    private boolean isOutside(int place) {
        return outside.has(peers.get(place));
    }

    /** First of the elements that this device sums up in an all-reduce. */
    private long part(Meeting meeting, Partition partition) {
        Operation.Collective collective = (Operation.Collective) meeting.statement().operation();
        return Block.start(Math.toIntExact(meeting.to().volume()), partition.mesh().devices(collective.over()),
                partition.mesh().position(number, collective.over()));
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
        return computeOn(0);
    }

    private Behavior<Message> ready(Message.Ready message) {
        ready.computeIfAbsent(new Place(message.meeting(), message.round()), _ -> new HashMap<>()).put(message.from(),
                message.address());
        return heard();
    }

    private Behavior<Message> taken(Message.Taken message) {
        taken.merge(message.meeting(), 1, Integer::sum);
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

    private String awaited(int meeting) {
        List<Round> rounds = meetings.get(meeting);
        int round = begun.getOrDefault(meeting, rounds.size());
        if (round == rounds.size()) {
            return "others to read what it has";
        }
        Map<Integer, Long> there = ready.getOrDefault(new Place(meeting, round), Map.of());
        return "device " + Arrays.stream(rounds.get(round).exchanger().senders())
                .filter(sender -> sender != number && !there.containsKey(sender))
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
            case Arrival(Meeting meeting) -> !begun.containsKey(number(meeting));
            case Meeting meeting -> switch (meeting.statement().operation()) {
                case Operation.Send(_, int link) -> {
                    send(meeting, link);
                    yield true;
                }
                case Operation.Receive(int link) -> receive(meeting, link);
                default -> {
                    begin(number(meeting));
                    yield false;
                }
            };
        };
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

    /** Begins a collective, and lets others be heard before it computes on. */
    private void begin(int meeting) {
        begun.put(meeting, 0);
        announce(meeting, 0);
        exchange();
        state = State.LISTENING;
        getContext().getSelf().tell(new Message.GoOn());
    }

    /** Goes on with the collectives that have begun; ends those for which all is there. */
    private void exchange() {
        begun.entrySet().removeIf(entry -> ended(entry.getKey(), entry));
    }

    private boolean ended(int meeting, Map.Entry<Integer, Integer> at) {
        List<Round> rounds = meetings.get(meeting);
        while (at.getValue() < rounds.size()) {
            if (!take(meeting, at.getValue())) {
                return false;
            }
            at.setValue(at.getValue() + 1);
            if (at.getValue() < rounds.size()) {
                announce(meeting, at.getValue());
            } else {
                thank(meeting);
            }
        }
        if (taken.getOrDefault(meeting, 0) < rounds.getLast().readers()) {
            return false;
        }
        taken.remove(meeting);
        return true;
    }

    private void count(long sent, long received, long messages, long rounds) {
        exchanged = exchanged.plus(new Exchanged(sent, received, messages, rounds));
    }

    private ActorRef<Message> peer(int place) {
        return devices.apply(peers.get(place));
    }

    /** Tells all who get something in a round where it is. */
    private void announce(int meeting, int round) {
        Round now = meetings.get(meeting).get(round);
        for (int i = 0; i < now.others().length; i++) {
            int other = now.others()[i];
            if (isOutside(other)) {
                outside.exchange(epoch, peers.get(other), meeting, round, number, now.boxes().get(i),
                        from(meeting, now));
            } else {
                peer(other).tell(new Message.Ready(epoch, meeting, round, number, from(meeting, now)));
            }
        }
        count(now.sent(), 0, now.others().length, 0);
    }

    private long from(int number, Round now) {
        Meeting meeting = session.plan().meetings().get(number);
        return (now.fromResult() ? session.to(meeting) : session.from(meeting)) + now.fromOffset();
    }

    /** Makes the device's own part of a round if all that it needs is there. */
    private boolean take(int meeting, int round) {
        Round now = meetings.get(meeting).get(round);
        Map<Integer, Long> there = ready.getOrDefault(new Place(meeting, round), Map.of());
        int[] senders = now.exchanger().senders();
        long[] from = new long[senders.length];
        for (int i = 0; i < senders.length; i++) {
            Long address = senders[i] == number ? Long.valueOf(from(meeting, now)) : there.get(senders[i]);
            if (address == null) {
                return false;
            }
            from[i] = address;
        }
        long to = session.to(session.plan().meetings().get(meeting));
        now.exchanger().run(from, to + now.toOffset(), scratch.address());
        count(0, now.exchanger().received(), 0, 1);
        for (int i = 0; i < senders.length; i++) {
            if (isOutside(senders[i])) {
                outside.taken(from[i]);
            }
        }
        ready.remove(new Place(meeting, round));
        return true;
    }

    /** Tells those whose memory it has read that it is theirs again. */
    private void thank(int meeting) {
        for (int sender : meetings.get(meeting).getLast().exchanger().senders()) {
            if (sender != number && !isOutside(sender)) {
                peer(sender).tell(new Message.Taken(epoch, meeting, number));
            }
        }
    }
}
