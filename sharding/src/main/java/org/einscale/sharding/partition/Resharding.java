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

    private record Key(Sharding from, Sharding to, List<Integer> sizes) {}

    private final Mesh mesh;
    private final Network network;
    private final double elementBytes;
    private final Map<Key, List<Move>> moves = new HashMap<>();
    private final Traffic traffic;

    Resharding(Mesh mesh, Network network, double elementBytes) {
        this.mesh = mesh;
        this.network = network;
        this.elementBytes = elementBytes;
        this.traffic = new Traffic(mesh);
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

    /** Seconds that no way takes less than. */
    double least(Sharding from, Sharding to, List<Integer> sizes) {
        if (from.equals(to)) {
            return 0;
        }
        double elements = 0;
        if (from.partial().equals(to.partial())) {
            elements = traffic.lacked(from.split(), to.split(), sizes);
        } else if (from.partial().containsAll(to.partial())) {
            Set<String> summed = new TreeSet<>(from.partial());
            summed.removeAll(to.partial());
            // Whoever wants a sum gets something for it, and so do those who make it of all addends but their own.
            elements = Math.max(volume(sizes, to.split()),
                    volume(sizes) * (mesh.devices(summed) - 1) / mesh.devices());
        }
        return network.time(0, elements * elementBytes, 0);
    }

    private List<Move> search(Sharding from, Sharding to, List<Integer> sizes) {
        if (!from.partial().containsAll(to.partial())) {
            Set<String> addends = new TreeSet<>(from.partial());
            addends.addAll(to.partial());
            Sharding begun = spared(from, addends);
            return Stream.concat(exchange(from, begun.summed().with(from.partial()), sizes).stream(), Stream.concat(
                    Stream.of(Move.local(begun, mesh.ordered(begunOver(from, to)))),
                    moves(begun, to, sizes).stream())).toList();
        }
        Set<String> summed = new TreeSet<>(from.partial());
        summed.removeAll(to.partial());
        if (summed.isEmpty()) {
            return exchanges(from, to, sizes);
        }
        List<Sum> sums = sums(from, to, mesh.ordered(summed), sizes);
        sums.sort(Comparator.comparingDouble(Sum::least));
        List<Move> best = sums.getFirst().moves(to, sizes);
        for (Sum sum : sums.subList(1, sums.size())) {
            if (sum.least() > time(best)) {
                break;
            }
            List<Move> moves = sum.moves(to, sizes);
            if (time(moves) < time(best) || time(moves) == time(best) && moves.size() < best.size()) {
                best = moves;
            }
        }
        return best;
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

    /** The beginning of a way to finish a sum, and what the whole way takes at least. */
    private final class Sum {
        private final List<Move> begin;
        private final double least;

        Sum(Optional<Move> sliced, Exchange exchange, Sharding reduced, List<String> over, double elements, Sharding to,
                List<Integer> sizes) {
            this.begin = Stream
                    .concat(sliced.stream(), Stream.of(Move.of(exchange, reduced, over, mesh.devices(over), elements)))
                    .toList();
            this.least = time(begin) + Resharding.this.least(reduced, to, sizes);
        }

        double least() {
            return least;
        }

        List<Move> moves(Sharding to, List<Integer> sizes) {
            return Stream.concat(begin.stream(), exchanges(begin.getLast().to(), to, sizes).stream()).toList();
        }
    }

    /** Ways to finish a sum. */
    private List<Sum> sums(Sharding from, Sharding to, List<String> summed, List<Integer> sizes) {
        Set<String> busy = new HashSet<>(from.splitOver());
        busy.addAll(from.partial());
        List<String> idle = mesh.axes().keySet().stream().filter(m -> !busy.contains(m) && mesh.size(m) > 1).toList();
        int n = mesh.devices(summed);
        List<Sum> sums = new ArrayList<>();
        for (Sharding sliced : placements(from, idle, true, to, sizes)) {
            Optional<Move> slice = exchange(from, sliced, sizes);
            double volume = volume(sizes, sliced.split());
            Sharding whole = sliced.with(to.partial());
            sums.add(new Sum(slice, Exchange.ALL_REDUCE, whole, summed, Move.allReduce(volume, n), to, sizes));
            for (Sharding scattered : placements(whole, summed, false, to, sizes)) {
                sums.add(new Sum(slice, Exchange.REDUCE_SCATTER, scattered, summed, Move.reduceScatter(volume, n), to,
                        sizes));
            }
        }
        return sums;
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
        List<String> list = sharding.split().get(dimension);
        int at = list.size();
        while (at > there && wanted.contains(axis) && wanted.indexOf(list.get(at - 1)) > wanted.indexOf(axis)) {
            at--;
        }
        return inserted(sharding, dimension, at, axis);
    }

    /**
     * The exchange between two shardings with the same unfinished sum. Where few devices would have to send to many, there are
     * detours: devices that have the same keep a part of it each, and what is wanted is dealt out to all of those that want it,
     * and then gathered.
     */
    private List<Move> exchanges(Sharding from, Sharding to, List<Integer> sizes) {
        Optional<Move> direct = exchange(from, to, sizes);
        if (direct.isEmpty() || direct.get().exchange().isEmpty()) {
            return direct.stream().toList();
        }
        Way way = new Way(from, to);
        double time = time(way.moves(from, to, sizes));
        double least = network.time(0, traffic.lacked(from.split(), to.split(), sizes) * elementBytes, 1);
        for (Sharding dealt : placements(to, without(from, to), false, to, sizes)) {
            Way other = new Way(from, dealt);
            double otherTime = time(other.moves(from, to, sizes));
            if (otherTime < time) {
                way = other;
                time = otherTime;
            }
        }
        boolean better = true;
        while (better && time > least) {
            better = false;
            for (Way next : way.next(from, to, sizes)) {
                double nextTime = time(next.moves(from, to, sizes));
                if (nextTime < time) {
                    way = next;
                    time = nextTime;
                    better = true;
                }
            }
        }
        return way.moves(from, to, sizes);
    }

    private List<String> without(Sharding from, Sharding to) {
        Set<String> free = from.splitOver();
        free.removeAll(to.splitOver());
        return mesh.ordered(free);
    }

    /** Of what devices have they keep a part, exchange it for a part of what they want, and gather the rest of that. */
    private final class Way {
        private final Sharding kept;
        private final Sharding dealt;

        Way(Sharding kept, Sharding dealt) {
            this.kept = kept;
            this.dealt = dealt;
        }

        List<Move> moves(Sharding from, Sharding to, List<Integer> sizes) {
            return Stream.of(exchange(from, kept, sizes), exchange(kept, dealt, sizes), exchange(dealt, to, sizes))
                    .flatMap(Optional::stream).toList();
        }

        /** Ways with one mesh axis more or less in one of the two. */
        List<Way> next(Sharding from, Sharding to, List<Integer> sizes) {
            return Stream.concat(near(kept, from, sizes).stream().map(sharding -> new Way(sharding, dealt)),
                    near(dealt, to, sizes).stream().map(sharding -> new Way(kept, sharding))).toList();
        }

        private List<Sharding> near(Sharding sharding, Sharding end, List<Integer> sizes) {
            List<Sharding> near = new ArrayList<>();
            for (String axis : mesh.axes().keySet()) {
                if (mesh.size(axis) == 1 || end.splitOver().contains(axis) || end.partial().contains(axis)) {
                    continue;
                }
                Sharding rest = removed(sharding, axis);
                if (!rest.equals(sharding)) {
                    near.add(rest);
                }
                for (int i = 0; i < sizes.size(); i++) {
                    List<String> over = rest.split().get(i);
                    if (sizes.get(i) >= mesh.devices(over) * mesh.size(axis)) {
                        for (int at = end.split().get(i).size(); at <= over.size(); at++) {
                            near.add(inserted(rest, i, at, axis));
                        }
                    }
                }
            }
            return near;
        }
    }

    private static Sharding removed(Sharding sharding, String axis) {
        return new Sharding(
                sharding.split().stream().map(over -> over.stream().filter(m -> !m.equals(axis)).toList()).toList(),
                sharding.partial());
    }

    private static Sharding inserted(Sharding sharding, int dimension, int at, String axis) {
        List<String> list = new ArrayList<>(sharding.split().get(dimension));
        list.add(at, axis);
        List<List<String>> split = new ArrayList<>(sharding.split());
        split.set(dimension, list);
        return new Sharding(split, sharding.partial());
    }

    /** The exchange between two shardings with the same unfinished sum; none if they are the same. */
    private Optional<Move> exchange(Sharding from, Sharding to, List<Integer> sizes) {
        if (from.split().equals(to.split())) {
            return Optional.empty();
        }
        List<String> over = moved(from, to);
        if (over.isEmpty()) {
            return Optional.of(Move.local(to, List.of()));
        }
        return Optional.of(Move.of(kind(from, to, over), to, over, mesh.devices(over),
                traffic.sent(from.split(), to.split(), over, sizes)));
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
}
