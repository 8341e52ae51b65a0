package org.einscale.trainer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.ModelCheck.Leak;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;

/**
 * Runs a model on two sequences, then with the tokens of the first one changed from a position on, and looks for changes
 * where there should be none. Parameters are noisy, as layers that start at zero would hide everything.
 */
final class LeakSearch implements AutoCloseable {
    private static final Axis SEQUENCE = new Axis("b");
    private static final Axis POSITION = new Axis("l");
    private static final Precision PRECISION = Precision.DOUBLE;
    private static final double NOISE = 0.1;
    /** Of the largest number: far above rounding, far below what any token does. */
    private static final double TOLERANCE = 1e-9;

    private final Model model;
    private final List<Value> watched;
    private final Session session;
    private final int length;
    private final int[] tokens;

    private LeakSearch(Model model, List<Value> watched) {
        this.model = model;
        this.watched = watched;
        this.length = model.sizes().of(POSITION);
        this.tokens = new int[model.sizes().of(SEQUENCE) * length];
        this.session = new Session(Plan.compile(model.program().only(watched.toArray(Value[]::new)),
                model.sizes(), PRECISION));
    }

    /**
     * For each kind of leak that there is, the index of the first value that shows it.
     *
     * @param watched values with axes b and l
     */
    static Map<Leak, Integer> of(Model model, List<Value> watched) {
        try (LeakSearch search = new LeakSearch(model, watched)) {
            return search.leaks();
        }
    }

    private Map<Leak, Integer> leaks() {
        for (Parameter parameter : model.parameters()) {
            fill(parameter);
        }
        int vocabulary = model.sizes().of(new Axis("v"));
        Philox random = Philox.of(0, "tokens");
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (int) (random.uniform(i) * vocabulary);
        }
        List<double[]> before = run(tokens);
        Map<Leak, Integer> leaks = new EnumMap<>(Leak.class);
        LongStream.of(0, 1, length / 2, length - 1).distinct().forEach(from -> {
            int[] changed = tokens.clone();
            for (int i = (int) from; i < length; i++) {
                changed[i] = (changed[i] + 1 + (int) (random.uniform(tokens.length + i) * (vocabulary - 1)))
                        % vocabulary;
            }
            compare(before, run(changed), (int) from, leaks);
        });
        return leaks;
    }

    private void fill(Parameter parameter) {
        long address = session.address(parameter.value());
        long count = model.sizes().volume(parameter.value().axes());
        String name = parameter.value().name();
        parameter.initialiser().fill(PRECISION, address, count, 0, name);
        Philox noise = Philox.of(0, "noise." + name);
        for (long i = 0; i < count; i++) {
            long at = address + i * PRECISION.bytes();
            Raw.put(PRECISION, at, Raw.get(PRECISION, at) + NOISE * noise.normal(i));
        }
    }

    private List<double[]> run(int[] given) {
        new TokenInput(session.address(model.tokens()), PRECISION).write(given);
        session.run();
        return watched.stream().map(value -> session.array(value).dup('c').data().asDouble()).toList();
    }

    private void compare(List<double[]> before, List<double[]> after, int from, Map<Leak, Integer> leaks) {
        for (int i = 0; i < watched.size(); i++) {
            List<Axis> axes = watched.get(i).axes();
            double[] old = before.get(i);
            double largest = 0;
            for (double number : old) {
                largest = Double.isFinite(number) ? Math.max(largest, Math.abs(number)) : largest;
            }
            for (int j = 0; j < old.length; j++) {
                boolean same = old[j] == after.get(i)[j] || Double.isNaN(old[j]) && Double.isNaN(after.get(i)[j])
                        || Math.abs(old[j] - after.get(i)[j]) <= TOLERANCE * largest;
                if (!same && index(axes, SEQUENCE, j) > 0) {
                    leaks.merge(Leak.OTHER_SEQUENCES, i, Math::min);
                } else if (!same && index(axes, POSITION, j) < from) {
                    leaks.merge(Leak.LATER_TOKENS, i, Math::min);
                }
            }
        }
    }

    /** The index along an axis of an element of a value laid out row by row. */
    private long index(List<Axis> axes, Axis axis, long element) {
        int at = axes.indexOf(axis);
        return element / model.sizes().volume(axes.subList(at + 1, axes.size())) % model.sizes().of(axis);
    }

    @Override
    public void close() {
        session.close();
    }
}
