package org.einscale.sharding.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.partition.Prediction;
import org.einscale.tensor.Axis;

/**
 * Finds mesh and rules for a number of devices: for every way to arrange them on a grid it begins without a rule and adds the
 * one that lowers the predicted time most, until none does. A plan that takes more memory than there is counts as slower than
 * any that does not.
 */
public final class AutoSharding {
    private static final String[] NAMES = {"x", "y", "z"};
    private static final double WORTH = 0.999;

    private final Program program;
    private final Context context;
    private final Network network;
    private final long memory;
    private final Set<Value> optimizerStates;
    private final Consumer<String> progress;
    private final Map<List<Rule>, Optional<Candidate>> tried = new HashMap<>();

    /**
     * A way to split a program.
     *
     * @param fits
     *            whether its memory is what there is
     */
    public record Candidate(Splitting splitting, Prediction prediction, boolean fits) {}

    /**
     * @param memory
     *            bytes that a device has
     * @param progress
     *            is told what is tried, in a line
     */
    public AutoSharding(Program program, Context context, Network network, long memory, Set<Value> optimizerStates,
            Consumer<String> progress) {
        this.program = program;
        this.context = context;
        this.network = network;
        this.memory = memory;
        this.optimizerStates = optimizerStates;
        this.progress = progress;
    }

    /** The best plan of every arrangement of so many devices, the best of all first, and the one without any rule last. */
    public List<Candidate> best(int devices) {
        List<Candidate> best = new ArrayList<>();
        for (Mesh mesh : meshes(devices)) {
            tried.clear();
            climb(mesh).ifPresent(best::add);
        }
        best.sort(ORDER);
        return best;
    }

    private static final Comparator<Candidate> ORDER = Comparator
            .comparing((Candidate candidate) -> !candidate.fits())
            .thenComparingDouble(c -> c.fits() ? c.prediction().seconds() : c.prediction().memory());

    /** Grids of one to three axes, the longest first. */
    static List<Mesh> meshes(int devices) {
        List<Mesh> meshes = new ArrayList<>();
        factors(devices, devices, new ArrayList<>(), meshes);
        return meshes;
    }

    private static void factors(int rest, int most, List<Integer> sizes, List<Mesh> meshes) {
        if (rest == 1) {
            SequencedMap<String, Integer> axes = new LinkedHashMap<>();
            for (int i = 0; i < sizes.size(); i++) {
                axes.put(NAMES[i], sizes.get(i));
            }
            meshes.add(new Mesh(axes));
            return;
        }
        for (int factor = Math.min(rest, most); factor > 1 && sizes.size() < NAMES.length; factor--) {
            if (rest % factor == 0) {
                List<Integer> more = new ArrayList<>(sizes);
                more.add(factor);
                factors(rest / factor, factor, more, meshes);
            }
        }
    }

    private Optional<Candidate> climb(Mesh mesh) {
        List<Rule> rules = List.of();
        Optional<Candidate> best = candidate(mesh, rules);
        boolean better = true;
        while (better) {
            better = false;
            List<Rule> from = rules;
            for (Rule move : moves(mesh, from)) {
                List<Rule> more = added(from, move);
                Optional<Candidate> next = candidate(mesh, more);
                if (next.isPresent() && (best.isEmpty() || improves(next.get(), best.get()))) {
                    best = next;
                    rules = more;
                    better = true;
                }
            }
            if (better) {
                progress.accept(mesh.axes() + ": " + rules + ", "
                        + best.map(b -> String.format(Locale.ROOT, "%.3g s", b.prediction().seconds())).orElse(""));
            }
        }
        return best.map(found -> pruned(mesh, found));
    }

    /** Without the rules that the plan is no worse without. */
    private Candidate pruned(Mesh mesh, Candidate best) {
        Candidate pruned = best;
        for (Rule rule : best.splitting().rules().rules()) {
            List<Rule> fewer = new ArrayList<>(pruned.splitting().rules().rules());
            fewer.remove(rule);
            Candidate known = pruned;
            pruned = candidate(mesh, List.copyOf(fewer)).filter(without -> ORDER.compare(without, known) <= 0)
                    .orElse(known);
        }
        return pruned;
    }

    private static boolean improves(Candidate next, Candidate best) {
        if (next.fits() != best.fits()) {
            return next.fits();
        }
        return next.fits()
                ? next.prediction().seconds() < best.prediction().seconds() * WORTH
                : next.prediction().memory() < best.prediction().memory() * WORTH;
    }

    /** Rules that are not there yet: of every axis of the program, of parameters and of the states of an optimizer. */
    private List<Rule> moves(Mesh mesh, List<Rule> rules) {
        Set<String> axes = new TreeSet<>();
        program.statements().stream().filter(s -> s.operation() instanceof Operation.Contract)
                .forEach(s -> s.operation().operands().forEach(v -> v.axes().forEach(axis -> axes.add(axis.name()))));
        List<Rule> moves = new ArrayList<>();
        for (String over : mesh.axes().keySet()) {
            for (String axis : axes) {
                if (context.sizes().of(new Axis(axis)) >= mesh.size(over)) {
                    moves.add(new Rule(axis, List.of(over)));
                }
            }
            moves.add(new Rule(new Rule.Scope.Parameters(), Rule.ANY, List.of(over)));
            moves.add(new Rule(new Rule.Scope.OptimizerStates(), Rule.ANY, List.of(over)));
        }
        moves.removeIf(move -> rules.stream()
                .anyMatch(rule -> sameTarget(rule, move) && rule.over().containsAll(move.over())));
        return moves;
    }

    private static boolean sameTarget(Rule a, Rule b) {
        return a.scope().equals(b.scope()) && a.axis().equals(b.axis());
    }

    /** With the rule, or with one of the same axis over one mesh axis more; rules about any axis stay last. */
    private static List<Rule> added(List<Rule> rules, Rule move) {
        List<Rule> more = new ArrayList<>();
        boolean joined = false;
        for (Rule rule : rules) {
            if (sameTarget(rule, move)) {
                Set<String> over = new LinkedHashSet<>(rule.over());
                over.addAll(move.over());
                more.add(new Rule(rule.scope(), rule.axis(), List.copyOf(over)));
                joined = true;
            } else {
                more.add(rule);
            }
        }
        if (!joined) {
            more.add(move);
        }
        more.sort(Comparator.comparing(rule -> rule.axis().equals(Rule.ANY)));
        return List.copyOf(more);
    }

    private Optional<Candidate> candidate(Mesh mesh, List<Rule> rules) {
        return tried.computeIfAbsent(rules, _ -> {
            boolean gathers = rules.stream().anyMatch(rule -> rule.scope() instanceof Rule.Scope.Parameters);
            Splitting splitting = new Splitting(new Rules(mesh, rules), !gathers, network);
            try {
                Prediction prediction = Prediction.of(Partition.of(program, context, splitting, optimizerStates),
                        network,
                        context.precision().bytes());
                return Optional.of(new Candidate(splitting, prediction, prediction.memory() <= memory));
            } catch (ShardingError | ProgramError cannot) {
                return Optional.empty();
            }
        });
    }
}
