package org.einscale.trainer.layer;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/** Arguments of a call, read as what the operation expects of each. */
record Arguments(LayerFrame frame, Expression.Call call) {

    /** Two sides of {@code left = right}: axes separated by spaces, or by + where they are laid end to end. */
    record Layout(List<String> left, List<String> right) {}

    int count() {
        return call.arguments().size();
    }

    /** Refuses another number of arguments. */
    void require(int least, int most) {
        if (count() < least || count() > most) {
            throw wrong(call.at(), "found " + count() + (count() == 1 ? " argument" : " arguments"));
        }
    }

    Expression expression(int index) {
        return call.arguments().get(index);
    }

    Pending term(int index) {
        return frame.compile(valued(index));
    }

    Value value(int index) {
        return frame.value(valued(index));
    }

    private Expression valued(int index) {
        if (expression(index) instanceof Expression.Text(String _, int at)) {
            throw wrong(at - 1, "found axes in quotes where a value stands");
        }
        return expression(index);
    }

    List<Value> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::value).toList();
    }

    Expression.Text text(int index) {
        if (expression(index) instanceof Expression.Text text) {
            return text;
        }
        throw wrong(expression(index).at(), "found something else where axes in quotes stand");
    }

    /** Axes separated by spaces. */
    List<String> axes(int index) {
        return axes(text(index), text(index).text());
    }

    String axis(int index) {
        List<String> axes = axes(index);
        if (axes.size() != 1) {
            throw wrong(text(index).at(), "found " + axes.size() + " axes where one stands");
        }
        return axes.getFirst();
    }

    Layout layout(int index) {
        Expression.Text text = text(index);
        String[] sides = text.text().split("=", -1);
        if (sides.length != 2) {
            throw wrong(text.at(), "found '" + text.text() + "' where an equality of axes stands");
        }
        return new Layout(axes(text, sides[0]), axes(text, sides[1].replace('+', ' ')));
    }

    private List<String> axes(Expression.Text text, String names) {
        try {
            return ProgramBuilder.axes(names).stream().map(Axis::name).toList();
        } catch (IllegalArgumentException e) {
            throw frame.error(text.at(), String.valueOf(e.getMessage()));
        }
    }

    double number(int index) {
        if (expression(index) instanceof Expression.Number(double value, int _)) {
            return value;
        }
        throw wrong(expression(index).at(), "found something else where a number stands");
    }

    int whole(int index) {
        double number = number(index);
        if (number != Math.rint(number)) {
            throw wrong(expression(index).at(), "found " + number + " where a whole number stands");
        }
        return (int) number;
    }

    /** A number of at least 0 and below 1. */
    double rate(int index) {
        double rate = number(index);
        if (!(rate >= 0 && rate < 1)) {
            throw wrong(expression(index).at(), "found the rate " + rate + ", which is not in [0, 1)");
        }
        return rate;
    }

    LayerError wrong(int at, String found) {
        return frame.error(at, found + "; expected " + Functions.usage(call.function()).orElse(call.function()));
    }

    /** The nearest axis, if there is one with which the step compiles when that argument names it instead. */
    String hint(int index, String axis, Collection<String> known) {
        Expression.Text text = text(index);
        return frame.hint(axis, known, near -> frame.rewritten(text,
                text.text().replaceAll("(?<![\\p{L}\\d_])" + axis + "(?![\\p{L}\\d_])", near)));
    }

    void warn(int at, String problem) {
        frame.warn(at, problem);
    }

    LayerError error(int at, String problem) {
        return frame.error(at, problem);
    }
}
