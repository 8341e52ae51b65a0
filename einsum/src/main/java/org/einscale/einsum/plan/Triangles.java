package org.einscale.einsum.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.plan.contract.CausalParts;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * Which values a causal mask halves: at query position q only keys up to {@code q + keys - queries} count. The others are
 * zero in the result of a causal softmax and of its gradient, and neither reads them of its operand.
 */
final class Triangles {

    /** The axes of a value on which the mask lies. */
    record Triangle(Axis query, Axis key) {

        /** The same axes by the names that a contraction has for them. */
        Triangle renamed(List<Axis> from, List<Axis> to) {
            return new Triangle(to.get(from.indexOf(query)), to.get(from.indexOf(key)));
        }
    }

    private final Map<Value, Triangle> zeros = new HashMap<>();
    private final Map<Value, Set<Optional<Triangle>>> reads = new HashMap<>();

    Triangles(Program program) {
        for (Statement statement : program.statements()) {
            switch (statement.operation()) {
                case Operation.Softmax softmax -> {
                    Optional<Triangle> triangle = triangle(softmax.query(), softmax.axis());
                    triangle.ifPresent(t -> zeros.put(statement.result(), t));
                    read(softmax.operand(), triangle);
                }
                case Operation.SoftmaxGradient gradient -> {
                    Optional<Triangle> triangle = triangle(gradient.query(), gradient.axis());
                    triangle.ifPresent(t -> zeros.put(statement.result(), t));
                    read(gradient.y(), triangle);
                    read(gradient.dy(), triangle);
                }
                default -> statement.operation().operands().forEach(operand -> read(operand, Optional.empty()));
            }
        }
        program.outputs().forEach(value -> read(value, Optional.empty()));
        program.updates().values().forEach(value -> read(value, Optional.empty()));
    }

    private static Optional<Triangle> triangle(Optional<Axis> query, Axis key) {
        return query.map(q -> new Triangle(q, key));
    }

    private void read(Value value, Optional<Triangle> triangle) {
        reads.computeIfAbsent(value, _ -> new HashSet<>()).add(triangle);
    }

    /** How the mask cuts a contraction of two operands short, if it does. */
    Optional<CausalParts> of(Operation.Contract contract, Value result) {
        Set<Optional<Triangle>> readers = reads.getOrDefault(result, Set.of());
        if (readers.size() == 1 && readers.iterator().next().isPresent()) {
            return readers.iterator().next().map(t -> t.renamed(result.axes(), contract.output()))
                    .filter(t -> !t.query().equals(t.key())).map(t -> new CausalParts(t.query(), t.key(), true));
        }
        for (int i = 0; i < contract.operands().size(); i++) {
            Value operand = contract.operands().get(i);
            if (zeros.containsKey(operand)) {
                Triangle triangle = zeros.get(operand).renamed(operand.axes(), contract.terms().get(i));
                boolean queries = contract.output().contains(triangle.query());
                if (queries != contract.output().contains(triangle.key())) {
                    return Optional.of(queries
                            ? new CausalParts(triangle.query(), triangle.key(), true)
                            : new CausalParts(triangle.key(), triangle.query(), false));
                }
            }
        }
        return Optional.empty();
    }
}
