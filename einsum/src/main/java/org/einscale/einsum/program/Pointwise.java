package org.einscale.einsum.program;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** An expression that is evaluated at every element: a tree whose leaves are operands, numbers and axis sizes. */
public sealed interface Pointwise {

    /** The operand with this position in {@link Operation.Map#operands()}. */
    record Operand(int index) implements Pointwise {}

    /** A number. */
    record Constant(double value) implements Pointwise {}

    /** The number of elements that the axes span, known once sizes are: the product of their sizes, 1 for none. */
    record Volume(List<Axis> axes) implements Pointwise {
        public Volume {
            axes = List.copyOf(axes);
        }
    }

    /** The position along the whole axis at which a part of it begins: 0 for a whole axis. Known once sizes are. */
    record Start(Axis axis) implements Pointwise {}

    /** A function of one number. */
    record Apply(Unary function, Pointwise argument) implements Pointwise {}

    /** A function of two numbers. */
    record Combine(Binary function, Pointwise left, Pointwise right) implements Pointwise {}

    Pointwise ZERO = new Constant(0);
    Pointwise ONE = new Constant(1);

    /** As a layer's strings say it, operands by position: {@code $0 * ($1 + 2)}. */
    default String text() {
        return Notation.text(this, i -> "$" + i);
    }

    static Pointwise operand(int index) {
        return new Operand(index);
    }

    static Pointwise constant(double value) {
        return new Constant(value);
    }

    static Pointwise apply(Unary function, Pointwise argument) {
        return argument instanceof Constant(double x) ? new Constant(function.apply(x)) : new Apply(function, argument);
    }

    /** {@code function(left, right)}, with constants folded and neutral elements dropped. */
    static Pointwise combine(Binary function, Pointwise left, Pointwise right) {
        if (left instanceof Constant(double x) && right instanceof Constant(double y)) {
            return new Constant(function.apply(x, y));
        }
        return switch (function) {
            case ADD -> left.equals(ZERO) ? right : right.equals(ZERO) ? left : new Combine(function, left, right);
            case SUBTRACT -> right.equals(ZERO) ? left : new Combine(function, left, right);
            case MULTIPLY, WEIGH -> left.equals(ONE)
                    ? right
                    : right.equals(ONE)
                            ? left
                            : left.equals(ZERO) || right.equals(ZERO) ? ZERO : new Combine(function, left, right);
            case DIVIDE -> right.equals(ONE) ? left : left.equals(ZERO) ? ZERO : new Combine(function, left, right);
            default -> new Combine(function, left, right);
        };
    }

    default Pointwise plus(Pointwise other) {
        return combine(Binary.ADD, this, other);
    }

    default Pointwise minus(Pointwise other) {
        return combine(Binary.SUBTRACT, this, other);
    }

    default Pointwise times(Pointwise other) {
        return combine(Binary.MULTIPLY, this, other);
    }

    /** {@link Binary#WEIGH}: the product, 0 where either factor is 0. */
    default Pointwise weigh(Pointwise other) {
        return combine(Binary.WEIGH, this, other);
    }

    default Pointwise over(Pointwise other) {
        return combine(Binary.DIVIDE, this, other);
    }

    default Pointwise negate() {
        return apply(Unary.NEGATE, this);
    }

    /** The same expression with every operand replaced. */
    default Pointwise substitute(IntFunction<Pointwise> operands) {
        return switch (this) {
            case Operand(int index) -> operands.apply(index);
            case Constant constant -> constant;
            case Volume volume -> volume;
            case Start start -> start;
            case Apply(Unary function, Pointwise argument) -> apply(function, argument.substitute(operands));
            case Combine(Binary function, Pointwise left, Pointwise right) ->
                combine(function, left.substitute(operands), right.substitute(operands));
        };
    }

    /** The same expression with numbers in the place of what follows from sizes. */
    default Pointwise bind(Sizes sizes) {
        return switch (this) {
            case Operand operand -> operand;
            case Constant constant -> constant;
            case Volume(List<Axis> axes) -> new Constant(sizes.volume(axes));
            case Start(Axis axis) -> new Constant(sizes.start(axis));
            case Apply(Unary function, Pointwise argument) -> apply(function, argument.bind(sizes));
            case Combine(Binary function, Pointwise left, Pointwise right) ->
                combine(function, left.bind(sizes), right.bind(sizes));
        };
    }

    /** How many functions are applied at every element: once where the same occurs several times. */
    default int operations() {
        Set<Pointwise> functions = new HashSet<>();
        addFunctions(functions);
        return functions.size();
    }

    private void addFunctions(Set<Pointwise> functions) {
        switch (this) {
            case Operand _,Constant _,Volume _,Start _ -> {
            }
            case Apply(Unary _, Pointwise argument) -> {
                functions.add(this);
                argument.addFunctions(functions);
            }
            case Combine(Binary _, Pointwise left, Pointwise right) -> {
                functions.add(this);
                left.addFunctions(functions);
                right.addFunctions(functions);
            }
        }
    }

    /** Whether the operand occurs in the expression. */
    default boolean uses(int operand) {
        return switch (this) {
            case Operand(int index) -> index == operand;
            case Constant _,Volume _,Start _ -> false;
            case Apply(Unary _, Pointwise argument) -> argument.uses(operand);
            case Combine(Binary _, Pointwise left, Pointwise right) -> left.uses(operand) || right.uses(operand);
        };
    }
}
