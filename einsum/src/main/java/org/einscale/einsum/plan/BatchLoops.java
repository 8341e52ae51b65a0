package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * Statements that follow one another with the same batch axes, as those of attention do, run one part of the batch after the
 * other, where all of it does not stay in the L2 cache from one statement to the next.
 */
final class BatchLoops {
    /** Of the L2 cache that a part may take. */
    private static final double SHARE = 0.75;

    private final Tape tape;

    BatchLoops(Tape tape) {
        this.tape = tape;
    }

    /** Where the statements end that may run together with one: the one after the last. */
    static int end(List<Statement> statements, int start, Predicate<Statement> runs) {
        Set<Value> values = new HashSet<>();
        int end = start;
        while (end < statements.size() && runs.test(statements.get(end)) && joins(statements.get(end), values)) {
            values.addAll(statements.get(end).operation().operands());
            values.add(statements.get(end).result());
            end++;
            if (batch(statements.subList(start, end)).isEmpty()) {
                return end - 1;
            }
        }
        return end;
    }

    private static boolean joins(Statement statement, Set<Value> values) {
        boolean possible = switch (statement.operation()) {
            case Operation.Contract c -> c.operands().size() == 2 && c.semiring() == Semiring.SUM_PRODUCT;
            case Operation.Softmax _,Operation.SoftmaxGradient _ -> true;
            default -> false;
        };
        return possible && (values.isEmpty() || statement.operation().operands().stream().anyMatch(values::contains));
    }

    /** The axes that the results of all statements have, in the order of the first softmax's, and along which none looks beyond a position. */
    private static List<Axis> batch(List<Statement> statements) {
        List<Axis> common = new ArrayList<>(statements.getFirst().result().axes());
        for (Statement statement : statements) {
            common.retainAll(batch(statement));
        }
        return statements.stream().filter(s -> !(s.operation() instanceof Operation.Contract)).findFirst()
                .map(softmax -> softmax.result().axes().stream().takeWhile(common::contains).toList()).orElse(common);
    }

    private static List<Axis> batch(Statement statement) {
        List<Axis> axes = statement.result().axes();
        return switch (statement.operation()) {
            case Operation.Softmax s -> without(axes, s.axis(), s.query());
            case Operation.SoftmaxGradient s -> without(axes, s.axis(), s.query());
            case Operation.Contract contract -> axes.stream().filter(x -> isBatch(contract, axes, x)).toList();
            default -> List.of();
        };
    }

    private static List<Axis> without(List<Axis> axes, Axis key, Optional<Axis> query) {
        return axes.stream().filter(axis -> !axis.equals(key) && !query.equals(Optional.of(axis))).toList();
    }

    /** Whether an axis stands once in each term, under the same name. */
    private static boolean isBatch(Operation.Contract contract, List<Axis> axes, Axis axis) {
        Axis local = contract.output().get(axes.indexOf(axis));
        boolean once = contract.output().indexOf(local) == contract.output().lastIndexOf(local);
        for (int i = 0; i < contract.operands().size(); i++) {
            List<Axis> term = contract.terms().get(i);
            int at = term.indexOf(local);
            once &= at >= 0 && at == term.lastIndexOf(local) && contract.operands().get(i).axes().get(at).equals(axis);
        }
        return once;
    }

    /**
     * Writes the statements, in parts if all is more than stays in the cache.
     *
     * @param inside
     *            whether nothing but these statements uses a buffer: all parts then use the memory of the first
     */
    void write(List<Emission> emissions, Predicate<Buffer> inside) {
        List<Repeat> loops = new ArrayList<>();
        List<Emission> parts = emissions;
        double fits = SHARE * tape.estimates().profile().caches().second();
        for (Axis axis : batch(emissions.stream().map(Emission::statement).toList())) {
            long size = emissions.getFirst().to().sizes()[emissions.getFirst().statement().result().axes()
                    .indexOf(axis)];
            long part = part(size, bytes(parts), fits);
            Optional<Map<Integer, Long>> moves = moves(parts, axis, part, inside);
            if (moves.isEmpty()) {
                break;
            }
            if (part < size) {
                loops.add(new Repeat(size / part, moves.get()));
                parts = parts.stream().map(emission -> emission.slice(axis, 0, part)).toList();
            }
            if (part > 1) {
                break;
            }
        }
        List<Emission> written = parts;
        tape.repeated(loops, () -> written.forEach(emission -> {
            tape.statement(Optional.of(emission.statement()));
            emission.write();
            tape.statement(Optional.empty());
        }));
    }

    /** The largest part of an axis that divides it and fits; 1 if none does. */
    private static long part(long size, double bytes, double fits) {
        long part = Math.min(size, 1 + (long) (fits / bytes * size));
        while (part > 1 && (size % part != 0 || bytes * part / size > fits)) {
            part--;
        }
        return part;
    }

    private double bytes(List<Emission> emissions) {
        Map<Buffer, Long> elements = new HashMap<>();
        emissions.stream().flatMap(emission -> emission.places().stream())
                .forEach(place -> elements.merge(place.buffer(), place.distinctElements(), Math::max));
        return tape.precision().bytes() * (double) elements.values().stream().mapToLong(n -> n).sum();
    }

    /** How far each buffer moves from a part to the next, if that is the same for all that is in it. */
    private Optional<Map<Integer, Long>> moves(List<Emission> emissions, Axis axis, long part,
            Predicate<Buffer> inside) {
        Map<Integer, Long> moves = new HashMap<>();
        for (Emission emission : emissions) {
            List<Place> places = emission.places();
            long[] strides = emission.strides(axis);
            for (int i = 0; i < strides.length; i++) {
                Buffer buffer = places.get(i).buffer();
                long bytes = inside.test(buffer) ? 0 : strides[i] * part * tape.precision().bytes();
                Long other = moves.put(buffer.number(), bytes);
                if (other != null && other != bytes) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(moves);
    }
}
