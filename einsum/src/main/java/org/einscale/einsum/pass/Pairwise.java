package org.einscale.einsum.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.PathFinder;
import org.einscale.einsum.program.AxisRoles.Role;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Writes every contraction as contractions of one or two operands, in the order that a path finder decides. Axes that only
 * one operand has and the result lacks are summed within that operand first.
 */
public final class Pairwise implements Pass {

    @Override
    public String description() {
        return "takes contractions of many operands apart into pairs";
    }

    @Override
    public Program apply(Program program, Context context) {
        Sizes sizes = SizeInference.infer(program, context.sizes());
        return Rewrite.of(program,
                (statement, fresh) -> statement.operation() instanceof Operation.Contract contract
                        && contract.operands().size() > 1
                                ? expand(statement.result(), contract, sizes, context.paths(), fresh)
                                : List.of(statement));
    }

    private record Factor(Value value, List<Axis> term) {
        Set<Axis> axes() {
            return new LinkedHashSet<>(term);
        }
    }

    private static List<Statement> expand(Value result, Operation.Contract contract, Sizes sizes, PathFinder paths,
            Rewrite.Fresh fresh) {
        List<Statement> statements = new ArrayList<>();
        List<Factor> factors = new ArrayList<>();
        Sizes local = sizes;
        for (int i = 0; i < contract.operands().size(); i++) {
            Factor factor = new Factor(contract.operands().get(i), contract.terms().get(i));
            for (int j = 0; j < factor.term().size(); j++) {
                local = local.with(factor.term().get(j), sizes.of(factor.value().axes().get(j)));
            }
            factors.add(summed(factor, contract, contract.roles().of(i, Role.SUMMED), statements, fresh));
        }
        Network network = new Network(factors.stream().map(Factor::axes).toList(),
                new LinkedHashSet<>(contract.output()), local);
        ContractionTree tree = ContractionTree.of(factors.stream().map(f -> List.copyOf(f.axes())).toList(),
                contract.output(), network, paths.find(network));
        for (int i = 0; i < tree.pairs().size(); i++) {
            Factor first = factors.get(tree.pairs().get(i).first());
            Factor second = factors.get(tree.pairs().get(i).second());
            List<Axis> term = tree.terms().get(factors.size());
            Value value = i == tree.pairs().size() - 1 ? result : named(fresh, first, second, term);
            statements.add(new Statement(value, new Operation.Contract(List.of(first.value(), second.value()),
                    List.of(first.term(), second.term()), term, contract.semiring())));
            factors.add(new Factor(value, term));
        }
        return statements;
    }

    /** The factor summed along the axes that only it has. */
    private static Factor summed(Factor factor, Operation.Contract contract, List<Axis> alone,
            List<Statement> statements, Rewrite.Fresh fresh) {
        if (alone.isEmpty()) {
            return factor;
        }
        List<Axis> term = factor.axes().stream().filter(axis -> !alone.contains(axis)).toList();
        Value sum = fresh.value("sum", globalNames(term, List.of(factor)));
        statements.add(new Statement(sum, new Operation.Contract(List.of(factor.value()), List.of(factor.term()), term,
                contract.semiring())));
        return new Factor(sum, term);
    }

    private static Value named(Rewrite.Fresh fresh, Factor first, Factor second, List<Axis> term) {
        return fresh.value("einsum", globalNames(term, List.of(first, second)));
    }

    /**
     * Names under which the program knows the size of each axis of a term; where two would be the same, the term's own
     * name is made unique, and its size follows from the contraction.
     */
    private static List<Axis> globalNames(List<Axis> term, List<Factor> factors) {
        Map<Axis, Axis> names = new HashMap<>();
        for (Factor factor : factors) {
            for (int i = 0; i < factor.term().size(); i++) {
                names.putIfAbsent(factor.term().get(i), factor.value().axes().get(i));
            }
        }
        List<Axis> result = new ArrayList<>();
        for (Axis axis : term) {
            Axis name = names.getOrDefault(axis, axis);
            result.add(result.contains(name) ? new Axis(axis.name() + "_" + result.size()) : name);
        }
        return result;
    }
}
