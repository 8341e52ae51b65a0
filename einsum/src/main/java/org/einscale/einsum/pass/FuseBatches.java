package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * Has statements that follow one another with the same batch axes, as those of attention do, run one part of the batch after
 * the other, so that what they hand on can stay in the cache.
 */
public final class FuseBatches implements Pass {

    @Override
    public String description() {
        return "runs products of one batch, as in attention, part by part";
    }

    @Override
    public Program apply(Program program, Context context) {
        return Blocks.join(program, FuseBatches::joins, (block, _, number) -> block.stream()
                .map(statement -> statement.with(statement.execution().in(number))).toList());
    }

    private static boolean joins(List<Statement> block, Statement next) {
        return !next.execution().once() && isBatched(next.operation())
                && (block.isEmpty() || block.stream().anyMatch(before -> sharesValue(before, next)))
                && !axes(Stream.concat(block.stream(), Stream.of(next)).toList()).isEmpty();
    }

    private static boolean isBatched(Operation operation) {
        return switch (operation) {
            case Operation.Contract c -> c.operands().size() == 2 && c.semiring() == Semiring.SUM_PRODUCT;
            case Operation.Accumulate accumulate -> isBatched(accumulate.addend());
            case Operation.Softmax _,Operation.SoftmaxGradient _ -> true;
            default -> false;
        };
    }

    private static boolean sharesValue(Statement before, Statement next) {
        List<Value> read = next.operation().operands();
        return read.contains(before.result()) || !Collections.disjoint(read, before.operation().operands());
    }

    /** The axes that the results of all statements have, in the order of the first softmax's, and along which none looks beyond a position. */
    public static List<Axis> axes(List<Statement> statements) {
        List<Axis> common = new ArrayList<>(statements.getFirst().result().axes());
        for (Statement statement : statements) {
            common.retainAll(axes(statement.operation(), statement.result().axes()));
        }
        return statements.stream()
                .filter(s -> s.operation() instanceof Operation.Softmax
                        || s.operation() instanceof Operation.SoftmaxGradient)
                .findFirst().map(softmax -> softmax.result().axes().stream().takeWhile(common::contains).toList())
                .orElse(common);
    }

    private static List<Axis> axes(Operation operation, List<Axis> result) {
        return switch (operation) {
            case Operation.Softmax s -> without(result, s.axis(), s.query());
            case Operation.SoftmaxGradient s -> without(result, s.axis(), s.query());
            case Operation.Contract contract -> result.stream().filter(x -> isBatch(contract, result, x)).toList();
            case Operation.Accumulate accumulate -> axes(accumulate.addend(), result);
            default -> List.of();
        };
    }

    private static List<Axis> without(List<Axis> axes, Axis key, Optional<Axis> query) {
        return axes.stream().filter(axis -> !axis.equals(key) && !query.equals(Optional.of(axis))).toList();
    }

    /** Whether all operands have an axis of the result, once and under the same name. */
    private static boolean isBatch(Operation.Contract contract, List<Axis> axes, Axis axis) {
        Axis local = contract.output().get(axes.indexOf(axis));
        return IntStream.range(0, contract.operands().size()).allMatch(i -> {
            List<Axis> term = contract.terms().get(i);
            int at = term.indexOf(local);
            return at >= 0 && at == term.lastIndexOf(local) && contract.operands().get(i).axes().get(at).equals(axis);
        });
    }
}
