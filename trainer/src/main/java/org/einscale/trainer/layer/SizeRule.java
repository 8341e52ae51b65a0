package org.einscale.trainer.layer;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.einscale.tensor.kernel.Binary;

/** The size of an axis that a model leaves open, from the rule that a layer gives for it. */
record SizeRule(LayerStep rule) {

    /**
     * The size.
     *
     * @param sizes of all axes that the rule names
     * @throws LayerError if the rule is not arithmetic over axes, or does not come out whole and positive
     */
    int size(Map<String, Integer> sizes) {
        double size = evaluate(rule.expression(), sizes);
        if (size != Math.rint(size) || size < 1 || size > Integer.MAX_VALUE) {
            throw rule.error(0, "the size is " + size + with(sizes) + "; expected a whole number of at least 1,"
                    + " so give model.axes." + rule.name() + " or change the sizes it depends on");
        }
        return (int) size;
    }

    private double evaluate(Expression expression, Map<String, Integer> sizes) {
        return switch (expression) {
            case Expression.Number(double value, int _) -> value;
            case Expression.Negate(Expression argument, int _) -> -evaluate(argument, sizes);
            case Expression.Infix(Binary operator, Expression left, Expression right, int _) ->
                operator.apply(evaluate(left, sizes), evaluate(right, sizes));
            case Expression.Name(String name, int _) -> Objects.requireNonNull(sizes.get(name));
            case Expression.Call(String function, var arguments, int _) when function.equals("round")
                    && arguments.size() == 1 ->
                Math.rint(evaluate(arguments.getFirst(), sizes));
            case Expression.Call(String function, var arguments, int _) when function.equals("max")
                    && arguments.size() == 2 ->
                Math.max(evaluate(arguments.get(0), sizes), evaluate(arguments.get(1), sizes));
            case Expression.Call _,Expression.Text _ ->
                throw rule.error(expression.at(), "a size is made of numbers, axes, + - * /, round(a) and max(a, b)");
        };
    }

    private static String with(Map<String, Integer> sizes) {
        return sizes.entrySet().stream().map(size -> size.getKey() + "=" + size.getValue())
                .collect(Collectors.joining(" ", sizes.isEmpty() ? "" : " with ", ""));
    }
}
