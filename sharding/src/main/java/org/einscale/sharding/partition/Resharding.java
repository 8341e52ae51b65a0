package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;

/**
 * The fastest way from one sharding of a value to another. Without an unfinished sum that is a single exchange, in which
 * every device gets from others just what it lacks: nothing can send less. An unfinished sum is reduced before: by an
 * all-reduce, or by a reduce-scatter to wherever the exchange then has least to do, on as small a part of the value as each
 * device can do with. What is whole becomes a sum without an exchange, as the first device keeps it and others take 0.
 */
final class Resharding {
    /** So many mesh axes that every place of each is tried; of more only those that the target has. */
    private static final int FEW = 2;

    /** Of more devices the average stands for the busiest one. */
    private static final int MANY = 64;

    private record Key(Sharding from, Sharding to, List<Integer> sizes) {}

    private record Splits(List<List<String>> from, List<List<String>> to) {}

    private final Mesh mesh;
    private final Network network;
    private final double elementBytes;
    private final Map<Key, List<Move>> moves = new HashMap<>();
    private final Map<Splits, Double> sent = new HashMap<>();

    Resharding(Mesh mesh, Network network, double elementBytes) {
        this.mesh = mesh;
        this.network = network;
        this.elementBytes = elementBytes;
    }

    /** Moves in their order; none if the shardings are the same. */
    List<Move> moves(Sharding from, Sharding to, List<Integer> sizes) {
        if (from.equals(to)) {
            return List.of();
        }
        Key key = new Key(from, to, sizes);
        List<Move> known = moves.get(key);
        if (known == null) {
            known = search(from, to, sizes);
            moves.put(key, known);
        }
        return known;
    }

    /** Predicted seconds. */
    double time(List<Move> moves) {
        return network.time(0, moves.stream().mapToDouble(Move::elements).sum() * elementBytes,
                moves.stream().mapToInt(Move::rounds).sum());
    }

    private List<Move> search(Sharding from, Sharding to, List<Integer> sizes) {
        if (!from.partial().containsAll(to.partial())) {
            Set<String> addends = new TreeSet<>(from.partial());
            addends.addAll(to.partial());
            Sharding begun = spared(from, addends);
            return Stream.concat(exchange(from, begun.summed().with(from.partial()), sizes).stream(), Stream.concat(
                    Stream.of(new Move(Optional.empty(), begun, mesh.ordered(begunOver(from, to)), 0)),
                    moves(begun, to, sizes).stream())).toList();
        }
        Set<String> summed = new TreeSet<>(from.partial());
        summed.removeAll(to.partial());
        if (summed.isEmpty()) {
            return exchanges(from, to, sizes);
        }
        return candidates(from, to, mesh.ordered(summed), sizes).stream()
                .min(Comparator.comparingDouble(this::time).thenComparingInt(List::size)).orElseThrow();
    }

    /** As a sum of which one device along some mesh axes has everything and others nothing; those axes split it no more. */
    private static Sharding spared(Sharding from, Set<String> addends) {
        return new Sharding(
                from.split().stream().map(list -> list.stream().filter(m -> !addends.contains(m)).toList()).toList(),
                new TreeSet<>(addends));
    }

    private static Set<String> begunOver(Sharding from, Sharding to) {
        Set<String> more = new TreeSet<>(to.partial());
        more.removeAll(from.partial());
        return more;
    }

    /** Ways to finish a sum. */
    private List<List<Move>> candidates(Sharding from, Sharding to, List<String> summed, List<Integer> sizes) {
        Set<String> busy = new HashSet<>(from.splitOver());
        busy.addAll(from.partial());
        List<String> idle = mesh.axes().keySet().stream().filter(m -> !busy.contains(m) && mesh.size(m) > 1).toList();
        List<List<Move>> candidates = new ArrayList<>();
        for (Sharding sliced : placements(from, idle, true, to, sizes)) {
            List<Move> begin = exchange(from, sliced, sizes).stream().toList();
            double volume = volume(sizes, sliced.split());
            int n = mesh.devices(summed);
            Sharding whole = sliced.with(to.partial());
            candidates.add(
                    joined(begin, new Move(Optional.of(Exchange.ALL_REDUCE), whole, summed, Move.allReduce(volume, n)),
                            exchanges(whole, to, sizes)));
            for (Sharding scattered : placements(whole, summed, false, to, sizes)) {
                candidates.add(joined(begin,
                        new Move(Optional.of(Exchange.REDUCE_SCATTER), scattered, summed,
                                Move.reduceScatter(volume, n)),
                        exchanges(scattered, to, sizes)));
            }
        }
        return candidates;
    }

    private static List<Move> joined(List<Move> begin, Move reduction, List<Move> end) {
        return Stream.of(begin.stream(), Stream.of(reduction), end.stream()).flatMap(s -> s).toList();
    }

    /** Shardings with each of the mesh axes put on some axis of the value, innermost, or, if allowed, nowhere. */
    private static List<Sharding> placements(Sharding start, List<String> axes, boolean nowhere, Sharding to,
            List<Integer> sizes) {
        boolean few = axes.size() <= FEW;
        List<Sharding> all = List.of(start);
        for (String axis : axes) {
            List<Sharding> more = new ArrayList<>();
            for (Sharding sharding : all) {
                if (nowhere) {
                    more.add(sharding);
                }
                for (int i = 0; i < sizes.size(); i++) {
                    if (sizes.get(i) > 1 && (few || to.split().get(i).contains(axis))) {
                        more.add(placed(sharding, i, axis, start.split().get(i).size(), to.split().get(i)));
                    }
                }
            }
            all = more;
        }
        return all;
    }

    /** Behind the mesh axes that were there, and among the new ones in the place that the target gives it. */
    private static Sharding placed(Sharding sharding, int dimension, String axis, int there, List<String> wanted) {
        List<String> list = new ArrayList<>(sharding.split().get(dimension));
        int at = list.size();
        while (at > there && wanted.contains(axis) && wanted.indexOf(list.get(at - 1)) > wanted.indexOf(axis)) {
            at--;
        }
        list.add(at, axis);
        List<List<String>> split = new ArrayList<>(sharding.split());
        split.set(dimension, list);
        return new Sharding(split, sharding.partial());
    }

    /**
     * The exchange between two shardings with the same unfinished sum. Where few devices would have to send to many, it is
     * made of two: what is wanted is dealt out to all of those first, and then gathered.
     */
    private List<Move> exchanges(Sharding from, Sharding to, List<Integer> sizes) {
        Optional<Move> direct = exchange(from, to, sizes);
        if (direct.isEmpty() || direct.get().exchange().isEmpty()) {
            return direct.stream().toList();
        }
        Set<String> free = from.splitOver();
        free.removeAll(to.splitOver());
        List<List<Move>> ways = new ArrayList<>(List.of(direct.stream().toList()));
        for (Sharding dealt : placements(to, mesh.ordered(free), false, to, sizes)) {
            if (!dealt.equals(from) && !dealt.equals(to)) {
                ways.add(Stream.of(exchange(from, dealt, sizes), exchange(dealt, to, sizes)).flatMap(Optional::stream)
                        .toList());
            }
        }
        return ways.stream().min(Comparator.comparingDouble(this::time).thenComparingInt(List::size)).orElseThrow();
    }

    /** The exchange between two shardings with the same unfinished sum; none if they are the same. */
    private Optional<Move> exchange(Sharding from, Sharding to, List<Integer> sizes) {
        if (from.split().equals(to.split())) {
            return Optional.empty();
        }
        List<String> over = moved(from, to);
        if (over.isEmpty()) {
            return Optional.of(new Move(Optional.empty(), to, List.of(), 0));
        }
        double sent = sent(from.split(), to.split(), over);
        return Optional.of(new Move(Optional.of(kind(from, to, over)), to, over, sent * volume(sizes)));
    }

    /** Mesh axes whose devices have something for one another. */
    private List<String> moved(Sharding from, Sharding to) {
        Set<String> moved = new LinkedHashSet<>();
        for (int i = 0; i < from.split().size(); i++) {
            List<String> before = from.split().get(i);
            List<String> after = to.split().get(i);
            int same = 0;
            while (same < before.size() && same < after.size() && before.get(same).equals(after.get(same))) {
                same++;
            }
            moved.addAll(before.subList(same, before.size()));
        }
        return mesh.ordered(moved);
    }

    private Exchange kind(Sharding from, Sharding to, List<String> over) {
        if (Collections.disjoint(over, to.splitOver())) {
            return fraction(to.split()) > fraction(from.split()) * 1.5 ? Exchange.ALL_GATHER : Exchange.PERMUTE;
        }
        for (int i = 0; i < from.split().size(); i++) {
            if (mesh.devices(from.split().get(i)) != mesh.devices(to.split().get(i))) {
                return Exchange.ALL_TO_ALL;
            }
        }
        return Exchange.PERMUTE;
    }

    /** Share of all elements that a device has. */
    private double fraction(List<List<String>> split) {
        double fraction = 1;
        for (List<String> over : split) {
            fraction /= mesh.devices(over);
        }
        return fraction;
    }

    private static double volume(List<Integer> sizes) {
        return sizes.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    }

    double volume(List<Integer> sizes, List<List<String>> split) {
        return volume(sizes) * fraction(split);
    }

    /** Share of all elements that the busiest device sends. */
    private double sent(List<List<String>> from, List<List<String>> to, List<String> over) {
        return sent.computeIfAbsent(new Splits(from, to), _ -> {
            Set<String> involved = new LinkedHashSet<>(over);
            Stream.of(from, to).flatMap(List::stream).forEach(involved::addAll);
            List<Integer> devices = mesh.group(0, mesh.ordered(involved));
            if (devices.size() > MANY) {
                return fraction(to) - devices.stream().mapToDouble(d -> overlap(d, from, d, to)).average().orElse(0);
            }
            return devices.stream().mapToDouble(sender -> mesh.group(sender, over).stream()
                    .filter(receiver -> !receiver.equals(sender)).mapToDouble(r -> overlap(sender, from, r, to)).sum())
                    .max().orElse(0);
        });
    }

    /** Share of all elements that one device has and another is to have. */
    private double overlap(int sender, List<List<String>> from, int receiver, List<List<String>> to) {
        double product = 1;
        for (int i = 0; i < from.size() && product > 0; i++) {
            double p = mesh.devices(from.get(i));
            double q = mesh.devices(to.get(i));
            double a = mesh.position(sender, from.get(i)) / p;
            double b = mesh.position(receiver, to.get(i)) / q;
            product *= Math.max(0, Math.min(a + 1 / p, b + 1 / q) - Math.max(a, b));
        }
        return product;
    }
}
