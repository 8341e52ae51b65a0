package org.einscale.trainer.layer;

import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;

/** The size of an axis that a model leaves open, from the rule that a layer gives for it. */
record SizeRule(String layer, Step rule) {

    /**
     * The size.
     *
     * @throws LayerError if the rule is not arithmetic over axes that have a size, or does not come out whole and positive
     */
    int size(Sizes sizes) {
        double size = evaluate(rule.expression(), sizes);
        if (size != Math.rint(size) || size < 1 || size > Integer.MAX_VALUE) {
            throw error(0, "the size is " + size + " with " + sizes + "; expected a whole number of at least 1,"
                    + " so give model.axes." + rule.name() + " or change the sizes it depends on");
        }
        return (int) size;
    }

    private double evaluate(Expression expression, Sizes sizes) {
        return switch (expression) {
            case Expression.Number(double value, int _) -> value;
            case Expression.Negate(Expression argument, int _) -> -evaluate(argument, sizes);
            case Expression.Infix(Binary operator, Expression left, Expression right, int _) ->
                operator.apply(evaluate(left, sizes), evaluate(right, sizes));
            case Expression.Name(String name, int at) -> size(name, at, sizes);
            case Expression.Call(String function, var arguments, int _) when function.equals("round")
                    && arguments.size() == 1 ->
                Math.rint(evaluate(arguments.getFirst(), sizes));
            case Expression.Call(String function, var arguments, int _) when function.equals("max")
                    && arguments.size() == 2 ->
                Math.max(evaluate(arguments.get(0), sizes), evaluate(arguments.get(1), sizes));
            case Expression.Call _,Expression.Text _ ->
                throw error(expression.at(), "a size is made of numbers, axes, + - * /, round(a) and max(a, b)");
        };
    }

    private int size(String name, int at, Sizes sizes) {
        if (sizes.axes().stream().noneMatch(axis -> axis.name().equals(name))) {
            String hint = Nearest.to(name, sizes.axes().stream().map(Axis::name).toList())
                    .map(near -> "; did you mean '" + near + "'?").orElse("");
            throw error(at, "axis '" + name + "' has no size; give model.axes." + name + hint);
        }
        return sizes.of(new Axis(name));
    }

    private LayerError error(int at, String problem) {
        return new LayerError("layer '" + layer + "', size of '" + rule.name() + "'", rule.line(), at, problem);
    }
}
