package org.einscale.trainer.layer;

import java.util.List;
import java.util.stream.Stream;
import org.einscale.tensor.kernel.Binary;

/** The right-hand side of a step as it was written: a tree with the place of every part in the line. */
public sealed interface Expression {

    /** Index in the line of the character that stands for the whole: the first, or an infix operator's own. */
    int at();

    /** A number, such as {@code 1e-5}. */
    record Number(double value, int at) implements Expression {}

    /** An input, a parameter or the result of an earlier step. */
    record Name(String name, int at) implements Expression {}

    /** A quoted argument, such as {@code 'b l d'}; {@code at} is the place of its first character after the quote. */
    record Text(String text, int at) implements Expression {}

    /** A function, operation or layer applied to arguments. */
    record Call(String function, List<Expression> arguments, int at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** Unary minus. */
    record Negate(Expression argument, int at) implements Expression {}

    /** {@code +}, {@code -}, {@code *} or {@code /} between two expressions. */
    record Infix(Binary operator, Expression left, Expression right, int at) implements Expression {}

    /** All names in the expression, once for each time they are written. */
    default Stream<Name> names() {
        return switch (this) {
            case Name name -> Stream.of(name);
            case Number _,Text _ -> Stream.empty();
            case Negate(Expression argument, int _) -> argument.names();
            case Infix(Binary _, Expression left, Expression right, int _) ->
                Stream.concat(left.names(), right.names());
            case Call(String _, List<Expression> arguments, int _) -> arguments.stream().flatMap(Expression::names);
        };
    }

    /** The names of all functions, operations and layers that are called in the expression. */
    default Stream<String> calls() {
        return switch (this) {
            case Name _,Number _,Text _ -> Stream.empty();
            case Negate(Expression argument, int _) -> argument.calls();
            case Infix(Binary _, Expression left, Expression right, int _) ->
                Stream.concat(left.calls(), right.calls());
            case Call(String function, List<Expression> arguments, int _) ->
                Stream.concat(Stream.of(function), arguments.stream().flatMap(Expression::calls));
        };
    }
}
