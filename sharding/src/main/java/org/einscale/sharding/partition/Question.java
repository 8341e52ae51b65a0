package org.einscale.sharding.partition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Statement;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/**
 * All that decides how the work of a statement is best shared. It is the same for the same statement of another layer, so that
 * layers that repeat are solved once: names of axes are numbers, in the order in which they occur.
 *
 * @param kind
 *            what the operation does, but for its operands
 * @param forms
 *            in which each operand is there
 * @param known
 *            those of them that suggest something
 * @param readOnce
 *            whether nothing else reads the operand
 */
record Question(Object kind, List<List<Integer>> operands, List<Integer> output, List<Integer> sizes,
        List<List<Sharding>> forms, List<Set<Sharding>> known, List<Boolean> readOnce,
        Sharding home) {

    static Question of(Form form, Statement statement, Map<Axis, Integer> sizes, List<List<Sharding>> forms,
            List<Set<Sharding>> known, List<Boolean> readOnce, Sharding home) {
        List<Axis> names = List.copyOf(form.names());
        return new Question(kind(statement.operation(), form, names),
                form.operands().stream().map(term -> term.stream().map(names::indexOf).toList()).toList(),
                form.output().stream().map(names::indexOf).toList(),
                names.stream().map(name -> sizes.getOrDefault(name, 0)).toList(), forms, known, readOnce, home);
    }

    private static Object kind(Operation operation, Form form, List<Axis> names) {
        return switch (operation) {
            case Operation.Map map -> map.expression();
            case Operation.Contract contract -> contract.semiring();
            case Operation.Reduce reduce -> reduce.reduction();
            default ->
                List.of(operation.getClass(), names.stream().map(name -> form.roles().containsKey(name)).toList());
        };
    }

    /** A sharing as it is kept, by numbers instead of names. */
    Sharing general(Form form, Sharing sharing) {
        List<Axis> names = List.copyOf(form.names());
        return renamed(sharing, name -> new Axis("n" + names.indexOf(name)));
    }

    /** What is kept, by the names of a form. */
    Sharing answer(Form form, Sharing general) {
        List<Axis> names = List.copyOf(form.names());
        return renamed(general, name -> names.get(Integer.parseInt(name.base().substring(1))));
    }

    private static Sharing renamed(Sharing sharing, UnaryOperator<Axis> rename) {
        Map<Axis, List<String>> split = new LinkedHashMap<>();
        sharing.split().forEach((name, over) -> split.put(rename.apply(name), over));
        return new Sharing(split, sharing.passed());
    }
}
