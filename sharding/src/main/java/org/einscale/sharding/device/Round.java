package org.einscale.sharding.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.plan.tape.Meeting;
import org.einscale.einsum.program.Operation;
import org.einscale.sharding.Block;
import org.einscale.sharding.collective.Boxes;
import org.einscale.sharding.collective.Exchanger;
import org.einscale.sharding.collective.Packing;
import org.einscale.sharding.collective.Piece;
import org.einscale.sharding.collective.Stage;
import org.einscale.sharding.partition.Partition;
import org.einscale.tensor.Precision;

/** What a device does in a round of collectives that are carried out together. Devices are numbered within their stage. */
final class Round {
    private final int device;
    private final IntPredicate outside;
    private final List<Share> shares = new ArrayList<>();
    private final Map<Integer, Boxes> sent = new TreeMap<>();
    private final Map<Integer, Long> packed = new TreeMap<>();
    private long elements;

    /**
     * What it does in one of the collectives.
     *
     * @param packed
     *            in what an outside device sends, bytes before its part of this collective
     * @param fromOffset
     *            bytes from the collective's own place to what the device brings
     * @param fromResult
     *            whether that is in the result, where a round before has left it
     */
    private record Share(Meeting meeting, Exchanger exchanger, Map<Integer, Long> packed, long fromOffset,
            boolean fromResult, long toOffset) {

        long from(Session session) {
            return (fromResult ? session.to(meeting) : session.from(meeting)) + fromOffset;
        }
    }

    private Round(int device, IntPredicate outside) {
        this.device = device;
        this.outside = outside;
    }

    /**
     * The rounds of collectives.
     *
     * @param outside
     *            devices that send what they have, as this device cannot read it
     */
    static List<Round> of(List<Meeting> together, Partition partition, int device, Precision precision,
            IntPredicate outside) {
        List<Round> rounds = new ArrayList<>();
        for (Meeting meeting : together) {
            List<Stage> stages = Stage.of(meeting.statement(), partition.mesh(), partition.sizes(), device);
            long part = stages.size() == 2 ? part(meeting, partition, device) * precision.bytes() : 0;
            for (int i = 0; i < stages.size(); i++) {
                if (rounds.size() == i) {
                    rounds.add(new Round(device, outside));
                }
                rounds.get(i).add(meeting, stages.get(i), precision, part, i);
            }
        }
        return rounds;
    }

    /** First of the elements that a device sums up in an all-reduce. */
    private static long part(Meeting meeting, Partition partition, int device) {
        Operation.Collective collective = (Operation.Collective) meeting.statement().operation();
        return Block.start(Math.toIntExact(meeting.to().volume()), partition.mesh().devices(collective.over()),
                partition.mesh().position(device, collective.over()));
    }

    private void add(Meeting meeting, Stage stage, Precision precision, long part, int round) {
        for (Piece piece : stage.sent(device)) {
            if (piece.to() != device) {
                sent.computeIfAbsent(piece.to(), _ -> new Boxes()).add(shares.size(), new Packing(piece, precision));
                elements += piece.volume();
            }
        }
        Map<Integer, Long> before = new HashMap<>(packed);
        stage.received(device)
                .forEach(piece -> packed.merge(piece.from(), piece.volume() * precision.bytes(), Long::sum));
        shares.add(new Share(meeting, new Exchanger(stage, device, precision, outside), before, round == 1 ? part : 0,
                round == 1, round == 0 ? part : 0));
    }

    /** Devices that get something from this one, in order. */
    int[] receivers() {
        return sent.keySet().stream().mapToInt(i -> i).toArray();
    }

    /** What one of them gets. */
    Boxes boxes(int receiver) {
        return Objects.requireNonNull(sent.get(receiver));
    }

    /** How many read it in this device's memory. */
    int readers() {
        return (int) sent.keySet().stream().filter(to -> !outside.test(to)).count();
    }

    /** Elements that all get. */
    long sent() {
        return elements;
    }

    /** Other devices that this one gets something from, in order. */
    IntStream senders() {
        return packed.keySet().stream().mapToInt(i -> i).filter(from -> from != device);
    }

    /** Elements that come from them. */
    long received() {
        return shares.stream().mapToLong(share -> share.exchanger.received()).sum();
    }

    /** Addresses of what this device brings to each of the collectives. */
    long[] brought(Session session) {
        return shares.stream().mapToLong(share -> share.from(session)).toArray();
    }

    /**
     * Makes the device's own part of the round.
     *
     * @param there
     *            addresses of what each sender brings to the collectives, or the one of what an outside sender has sent
     * @param scratch
     *            as {@link Exchanger#run} wants it
     */
    void run(Map<Integer, long[]> there, Session session, long scratch) {
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            int[] senders = share.exchanger.senders();
            long[] from = new long[senders.length];
            for (int s = 0; s < senders.length; s++) {
                from[s] = senders[s] == device
                        ? share.from(session)
                        : from(Objects.requireNonNull(there.get(senders[s])), i, senders[s]);
            }
            share.exchanger.run(from, session.to(share.meeting) + share.toOffset, scratch);
        }
    }

    private long from(long[] addresses, int collective, int sender) {
        return outside.test(sender)
                ? addresses[0] + shares.get(collective).packed.getOrDefault(sender, 0L)
                : addresses[collective];
    }
}
